import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NamedFile } from '../../../shared/views.ts'
import { ShowFile } from '../../parts/jobs/file-actions.tsx'
import { useCopy } from '../../parts/screen/use-copy.ts'
import { IconButton } from '../../ui/button.tsx'
import styles from './settings-screen.module.css'

/** The path of a written file, with buttons that copy it and show the file. */
export function FilePath({ path, file }: { path: string; file: NamedFile }) {
  const { t } = useTranslation()
  const copy = useCopy()
  return (
    <span className={styles.value}>
      {path}
      <IconButton icon={Copy} label={t('settings.copyPath')} size="small" onClick={() => copy(path)} />
      <ShowFile file={file} />
    </span>
  )
}
