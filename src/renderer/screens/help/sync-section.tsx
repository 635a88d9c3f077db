import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { SectionHeading } from '../../components/section-heading.tsx'
import { useConnection } from '../../data/connection.ts'
import { useCommand } from '../../data/hooks.ts'
import { StreamList } from '../../shell/stream-list.tsx'
import styles from './help-page.module.css'

/** Up to when each stream was read: what has not been read yet cannot show here. */
export function SyncSection() {
  const { t } = useTranslation()
  const { sync } = useConnection()
  const syncNow = useCommand('sync.now')
  return (
    <section>
      <SectionHeading
        aside={
          <Button size="small" variant="soft" icon={RefreshCw} onClick={() => syncNow.mutate({})}>
            {t('sync.now')}
          </Button>
        }
      >
        {t('help.where.sync')}
      </SectionHeading>
      <p className={`lines ${styles.hint}`}>{t('help.where.syncDetail', { separator: '\n' })}</p>
      {sync && <StreamList streams={sync.streams} />}
    </section>
  )
}
