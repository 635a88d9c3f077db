import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { answerOf } from '../../../shared/refund-answers.ts'
import type { Outcome } from '../../../shared/values.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { useNow } from '../../data/clock.ts'
import { middleDot, precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { statusLooks } from '../../parts/credits/status.ts'
import { Time } from '../../ui/values.tsx'
import styles from './wait-track.module.css'

const clamp = (share: number, least: number) => Math.min(1 - least, Math.max(least, share))

/** The wait of a case as a bar: elapsed and remaining time, or after the deadline the overdue time with stripes. */
export function WaitTrack({ item, deadlineAt }: { item: CaseDetail; deadlineAt: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const { since, outcome, refundStatus } = item
  const precision = precisionOf(item.precisionMs)
  const over = now > deadlineAt
  // The labels need space: after the deadline, each side takes at least a third of the bar.
  const share = over
    ? clamp((deadlineAt - since) / (now - since), 1 / 3)
    : clamp((now - since) / (deadlineAt - since), 0.01)
  const end = t(`refunds.track.${answerOf(item).waitsFor ?? 'result'}`, {
    // The wait of a charge of which only the day is stated begins at the end of that day.
    duration: deadlineAt - since - (precision === 'day' ? item.precisionMs : 0),
  })
  const distance = <strong className={styles.distance}>{format.wait(deadlineAt, { precision })}</strong>
  return (
    <div
      className={styles.track}
      data-tone={statusLooks[refundStatus].tone}
      data-over={over || undefined}
      style={{ '--share': share } as CSSProperties}
    >
      <div className={styles.bar} aria-hidden>
        <span className={styles.elapsed} />
        <span className={styles.rest} />
      </div>
      <div className={`num ${styles.labels}`}>
        <div>
          <strong>{t(`refunds.track.start.${outcome as StartOutcome}`)}</strong>
          <Time at={since} precision={precision} />
        </div>
        {over ? (
          <>
            <div>
              <strong>{end}</strong>
              <Time at={deadlineAt} precision={precision} />
            </div>
            <div className={styles.last}>
              {distance}
              <span>{t('refunds.track.now', { at: now })}</span>
            </div>
          </>
        ) : (
          <div className={styles.last}>
            {distance}
            {end + middleDot}
            <Time at={deadlineAt} precision={precision} />
          </div>
        )}
      </div>
    </div>
  )
}

/** The outcomes whose rules have a wait. */
type StartOutcome = Exclude<Outcome, 'canceled' | 'unknown'>
