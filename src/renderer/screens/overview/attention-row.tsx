import { useTranslation } from 'react-i18next'
import { type AttentionReason, creditsInQuestion } from '../../../shared/refund-answers.ts'
import type { CaseItem } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { middleDot, precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useVerdict } from '../../i18n/use-texts.ts'
import { casePath } from '../../navigation/paths.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { StatusIcon } from '../../parts/credits/status-pill.tsx'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Amount, Time } from '../../ui/values.tsx'
import styles from './attention-row.module.css'

/** A link to a case that needs attention: status, reason, amount and time. */
export function AttentionRow({ item }: { item: CaseItem }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { title } = useVerdict(item)
  const { agent, model, since, deadlineAt } = item
  const precision = precisionOf(item.precisionMs)
  const reason = item.reason as AttentionReason
  return (
    <li className={styles.row} {...recordAttributes(item)}>
      <StatusIcon status={item.refundStatus} />
      <div>
        <p className={`lines ${styles.title}`}>{title}</p>
        <p className={styles.detail}>
          {agent && <AgentBadge agent={agent} />}
          <AccountBadge account={item.account} />
          <span className="clip">
            {[t(`overview.reason.${reason}`, { charged: item.charged, refunded: item.refunded }), model]
              .filter(Boolean)
              .join(middleDot)}
            {middleDot}
            <Time at={since} precision={precision} />
          </span>
        </p>
      </div>
      <div className={styles.amount}>
        <Amount value={creditsInQuestion(item)} look="unit" />
        {deadlineAt !== null && (
          <span className={`num ${styles.overdue}`}>{format.wait(deadlineAt, { short: true, precision })}</span>
        )}
      </div>
      <InternalLink to={casePath(item)} button={{ variant: 'soft', size: 'small' }}>
        {t('overview.review')}
        <span className="sr-only">{title}</span>
      </InternalLink>
    </li>
  )
}
