import { useTranslation } from 'react-i18next'
import type { RecordStream } from '../../../shared/values.ts'
import type { StreamState } from '../../../shared/views.ts'
import { InternalLink } from '../../parts/links.tsx'
import { StreamList } from '../../parts/stream-list.tsx'
import { SyncButton } from '../../parts/sync-buttons.tsx'
import styles from './places-known.module.css'
import stepStyles from './steps.module.css'

/** What was never read whole, failed to be read, or has to be read again for a case. */
export const unreadOf = (streams: StreamState[], ofCase: readonly RecordStream[] = []): StreamState[] =>
  streams.filter(
    ({ stream, lastSuccessAt, error, quarantined }) =>
      stream !== 'account' && (lastSuccessAt === null || error !== null || quarantined > 0 || ofCase.includes(stream)),
  )

/** What has not been read yet, where the missing thing may still be. */
export function UnreadStep({ streams, goOn }: { streams: StreamState[]; goOn: string }) {
  const { t } = useTranslation()
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{t('help.unread.text', { separator: '\n' })}</p>
      <div className={styles.streams}>
        <StreamList streams={streams} />
      </div>
      <div className={stepStyles.actions}>
        <SyncButton variant="primary" size="large" />
        <InternalLink to={goOn}>{t('help.unread.goOn')}</InternalLink>
      </div>
    </>
  )
}
