import { useTranslation } from 'react-i18next'
import { answerOf } from '../../../../shared/refund-answers.ts'
import type { JobDetail, TimelineEntry } from '../../../../shared/views.ts'
import { useNow } from '../../../data/clock.ts'
import { middleDot } from '../../../i18n/format.ts'
import { useFormat } from '../../../i18n/use-format.tsx'
import { statusLooks } from '../../../parts/credits/status.ts'
import { Amount, Time } from '../../../ui/values.tsx'
import styles from './timeline.module.css'

/** The events of a job from the request to its last known state, and the deadline that is still ahead. */
export function Timeline({ job }: { job: JobDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const time = useNow()
  const { timeline, createdAt, refundStatus } = job
  const decisive = timeline.findLastIndex(({ at }) => at <= time)
  return (
    <section aria-label={t('library.timeline')}>
      <h3 className={styles.heading}>{t('library.timeline')}</h3>
      <ol>
        {timeline.map((entry, index) => (
          <li
            key={`${entry.type} ${entry.transactionId ?? entry.at}`}
            className={`${styles.event} ${entry.at > time ? styles.ahead : ''}`}
            data-tone={index === decisive ? statusLooks[refundStatus].tone : undefined}
          >
            <span className={styles.dot} />
            <span className={styles.what}>
              {eventName(entry)}{' '}
              <Time
                at={entry.at}
                look={format.dayKey(entry.at) === format.dayKey(createdAt) ? 'timeSeconds' : 'dateTime'}
                className={styles.time}
              />
              {entry.type === 'deadline' && (
                <span className={`num ${styles.wait}`}>{middleDot + format.wait(entry.at)}</span>
              )}
            </span>
            {entry.amount !== null && (
              <Amount
                value={entry.type === 'charged' ? -entry.amount : entry.amount}
                look="signed"
                className={`${styles.amount} ${entry.type === 'charged' ? '' : styles.back}`}
              />
            )}
          </li>
        ))}
      </ol>
    </section>
  )

  function eventName({ type }: TimelineEntry): string {
    const { requestedResults: requested, resultCount: count } = job
    if (type === 'finished' && count < requested) return t('library.event.finishedPart', { count, requested })
    if (type !== 'deadline') return t(`library.event.${type}`)
    return t(`library.event.${answerOf(job.case).waitsFor === 'refund' ? 'refundDeadline' : 'resultDeadline'}`)
  }
}
