import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayTotals } from '../../../shared/views.ts'
import { useUnread } from '../../data/connection.ts'
import { lines } from '../../i18n/format.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { DayChart } from '../../parts/credits/day-chart.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Legend } from '../../ui/legend.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './by-day.module.css'

const chartDays = 14

/** Charged and refunded credits per day of the last two weeks. */
export function ByDay({ days }: { days: DayTotals[] }) {
  const { t } = useTranslation()
  const id = useId()
  const unread = useUnread()
  const newest = days.slice(-chartDays)
  const moved = newest.some((day) => day.charged > 0 || day.refunded > 0)
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} aside={<InternalLink to={creditsPath()}>{t('overview.openCredits')}</InternalLink>}>
        {t('overview.byDay')}
      </SectionHeading>
      {moved ? (
        <>
          <p className={styles.legend}>
            <Legend fill="charged">{t('credits.charged')}</Legend>
            <Legend fill="refunded">{t('credits.refunded')}</Legend>
          </p>
          <DayChart days={newest} height={170} />
        </>
      ) : (
        <p className={`lines ${styles.none}`}>
          {t(unread ? 'credits.noMovesYet' : 'credits.noMoves', { count: chartDays, ...lines })}
        </p>
      )}
    </section>
  )
}
