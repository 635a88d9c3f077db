import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { refundsPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { EmptyState, ErrorState } from '../../parts/screen/states.tsx'
import { DiaryEntry } from './diary-entry.tsx'
import styles from './support.module.css'

/** All messages to support, newest first. */
export function DiaryPage() {
  const { t } = useTranslation()
  const { data: entries, error, refetch, isPending } = useRoute('support.list', {})
  useReady(!isPending)
  return (
    <Screen title={t('support.title')} parent={{ to: refundsPath(), title: t('nav.refunds') }}>
      <Sheet>
        {error && <ErrorState title={t('support.failed')} error={error} onRetry={() => refetch()} />}
        {entries?.length === 0 && (
          <EmptyState
            icon={BookOpen}
            title={t('support.empty.title')}
            reason={t('support.empty.reason', lines)}
            action={<InternalLink to={refundsPath()}>{t('support.empty.action')}</InternalLink>}
          />
        )}
        {entries && entries.length > 0 && (
          <ul className={styles.page} aria-label={t('support.title')}>
            {entries.map((entry) => (
              <DiaryEntry key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </Sheet>
    </Screen>
  )
}
