import { Hourglass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { awaitingRefundStatuses, awaitingResultStatuses } from '../../../shared/status-sets.ts'
import type { Overview } from '../../../shared/views.ts'
import { middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { refundsPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './waiting.module.css'

/** A line about pending refunds, with the remaining wait, and jobs in progress. */
export function Waiting({ waiting }: Pick<Overview, 'waiting'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const { pending, pendingCredits, nextDueAt, running, runningCredits } = waiting
  const texts = [
    pending > 0 && t('overview.waiting.pending', { amount: pendingCredits }),
    nextDueAt !== null && format.wait(nextDueAt),
    running > 0 && t('overview.waiting.running', { amount: runningCredits }),
  ]
  return (
    <p className={styles.waiting}>
      <span className="tone" data-tone="teal">
        <Icon icon={Hourglass} size={18} />
      </span>
      <span>
        <InternalLink to={refundsPath({ statuses: [...awaitingRefundStatuses, ...awaitingResultStatuses] })}>
          {t('overview.waiting.count', { count: pending + running })}
        </InternalLink>
        {`${middleDot}${texts.filter(Boolean).join(middleDot)}`}
      </span>
    </p>
  )
}
