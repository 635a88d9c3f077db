import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { Button } from '../../ui/button.tsx'
import styles from './skipped-files.module.css'

/** The files of a folder that are no results, each with its reason; loaded once the user asks. */
export function SkippedFiles({ batch, count }: { batch: number; count: number }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data: files = [] } = useRoute('folders.skipped', { batch }, { enabled: open })
  return (
    <div>
      <Button size="small" variant="soft" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('folders.skipped', { count })}
      </Button>
      {open && (
        <ul className={styles.files}>
          {files.map(({ path, reason }) => (
            <li key={path}>
              <span className={styles.path}>{path}</span>
              <span className={styles.reason}>{t(`folder.problem.${reason}`)}</span>
            </li>
          ))}
          {count > files.length && files.length > 0 && (
            <li className={styles.reason}>{t('history.refusedMore', { count: count - files.length })}</li>
          )}
        </ul>
      )}
    </div>
  )
}
