import { useTranslation } from 'react-i18next'
import type { StreamState } from '../../../shared/views.ts'
import { useConnection } from '../../data/connection.ts'
import { isListed, nextTryAt, progressOf } from '../../data/sync-progress.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useErrorText, useLabels } from '../../i18n/use-texts.ts'
import styles from './stream-list.module.css'
import { useProgressText } from './use-progress-text.ts'

/** The streams, one per line: number of records, progress or time of the last sync, and errors. */
export function StreamList({ streams }: { streams: StreamState[] }) {
  return (
    <ul>
      {streams.map((stream) => (
        <StreamRow key={stream.stream} stream={stream} />
      ))}
    </ul>
  )
}

function StreamRow({ stream }: { stream: StreamState }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const errorText = useErrorText()
  const progressText = useProgressText()
  const { sync } = useConnection()
  const { lastSuccessAt, listedFrom, historyEndsAt, records, rate, remainingMs, error, quarantined } = stream
  const pace = [
    rate !== null && progressText.rate(rate),
    remainingMs !== null && progressText.left(remainingMs),
  ].filter((part) => part !== false)
  const lastRead = lastSuccessAt === null ? t('sync.notYet') : t('sync.lastSuccess', { at: lastSuccessAt })
  const retryAt = error && sync ? nextTryAt(sync, stream) : null
  return (
    <li className={styles.stream}>
      <span className={styles.name}>{labels.stream(stream.stream)}</span>
      {stream.stream !== 'account' && (
        <span className={styles.records}>
          {isListed(stream) ? progressText.read(progressOf(stream)) : t('sync.records', { count: records })}
        </span>
      )}
      <span className={styles.detail}>{pace.length > 0 ? pace.join(middleDot) : lastRead}</span>
      {listedFrom !== null && <span className={styles.detail}>{t('sync.listedFrom', { at: listedFrom })}</span>}
      {historyEndsAt !== null && (
        <span className={`lines ${styles.detail}`}>{t('sync.historyEnds', { at: historyEndsAt, ...lines })}</span>
      )}
      {quarantined > 0 && <span className={styles.detail}>{t('sync.quarantined', { count: quarantined })}</span>}
      {error && (
        <span className={`lines ${styles.detail} ${styles.error}`}>
          {errorText(error)}
          {retryAt !== null && `\n${t('sync.retryAt', { at: retryAt, ...lines })}`}
        </span>
      )}
    </li>
  )
}
