import { useTranslation } from 'react-i18next'
import type { StreamState } from '../../shared/views.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { useLabels } from '../i18n/use-labels.ts'
import styles from './stream-list.module.css'

/** What is pulled from Carat, one line each: how many records, when last read, and what went wrong. */
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
  const { total, listed, lastSuccessAt, records, error, retryAt, setAside } = stream
  return (
    <li className={styles.stream}>
      <span className={styles.name}>{labels.stream(stream.stream)}</span>
      {stream.stream !== 'account' && (
        <span className={`num ${styles.records}`}>
          {stream.phase === 'listing' && total !== null
            ? t('sync.listed', { total, listed })
            : t('sync.records', { count: records })}
        </span>
      )}
      <span className={styles.detail}>
        {lastSuccessAt === null ? t('sync.notYet') : t('sync.lastSuccess', { at: lastSuccessAt })}
      </span>
      {setAside > 0 && <span className={styles.detail}>{t('sync.setAside', { count: setAside })}</span>}
      {error && (
        <span className={`lines ${styles.detail} ${styles.error}`}>
          {errorText(error)} {retryAt !== null && t('sync.retryAt', { at: retryAt })}
        </span>
      )}
    </li>
  )
}
