import { useTranslation } from 'react-i18next'
import { isProofStream, type ProofStream } from '../../../shared/values.ts'
import type { StreamState } from '../../../shared/views.ts'
import { lines } from '../../i18n/format.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { StreamList } from '../../parts/sync/stream-list.tsx'
import { SyncButton } from '../../parts/sync/sync-buttons.tsx'
import styles from './step-lists.module.css'
import stepStyles from './steps.module.css'

/** The streams that may hold missing work: never read completely, failed, or to be read again for a case. */
export const unreadOf = (streams: StreamState[], ofCase: readonly ProofStream[] = []): StreamState[] =>
  streams.filter(
    ({ stream, lastSuccessAt, error, quarantined }) =>
      isProofStream(stream) && (lastSuccessAt === null || error !== null || quarantined > 0 || ofCase.includes(stream)),
  )

/** Lists the streams that are not completely synced and may hold the missing work. */
export function UnreadStep({ streams, goOn }: { streams: StreamState[]; goOn: string }) {
  const { t } = useTranslation()
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{t('help.unread.text', lines)}</p>
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
