import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnread } from '../../data/connection.ts'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import { DayChart } from '../../parts/credits/day-chart.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Legend } from '../../ui/legend.tsx'
import { narrowPage, useMediaQuery } from '../../ui/use-media-query.ts'
import { Amount } from '../../ui/values.tsx'
import styles from './daily-totals.module.css'

/** Charged and refunded credits per day: 30 days, or the 14 that fit a narrow page. */
export function DailyTotals() {
  const { t } = useTranslation()
  const id = useId()
  const { timeZone } = useFormat()
  const [agent] = useAgentFilter()
  const unread = useUnread()
  const days = useMediaQuery(narrowPage) ? 14 : 30
  const { data: summary, error, refetch } = useRoute('credits.summary', { agent, days, timeZone })
  if (!summary) return error && <ErrorState title={t('credits.periodFailed')} error={error} onRetry={refetch} />
  const { charged, refunded } = summary
  return (
    <section aria-labelledby={id}>
      <div className={styles.heading}>
        <h2 id={id}>{t('credits.period', { count: days })}</h2>
        <div>
          <Legend fill="charged">
            {t('credits.charged')} <Amount value={charged} className={styles.sum} />
          </Legend>
          <Legend fill="refunded">
            {t('credits.refunded')} <Amount value={refunded} className={styles.sum} />
          </Legend>
        </div>
      </div>
      {charged + refunded > 0 ? (
        <DayChart days={summary.days} height={160} />
      ) : (
        <p className={`lines ${styles.none}`}>
          {t(unread ? 'credits.noMovesYet' : 'credits.noMoves', { count: days, ...lines })}
        </p>
      )}
    </section>
  )
}
