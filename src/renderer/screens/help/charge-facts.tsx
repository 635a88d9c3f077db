import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CaseDetail } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { precisionOf } from '../../i18n/format.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { casePath } from '../../navigation/paths.ts'
import { StatusPill } from '../../parts/credits/status-pill.tsx'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { Amount, Time } from '../../ui/values.tsx'
import styles from './charge-facts.module.css'

/** The facts of the selected charge from the ledger. */
export function ChargeFacts({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const charge = item.transactions.find(({ kind }) => kind === 'charge')
  return (
    <section className={styles.charge} {...recordAttributes(item)}>
      <h3>{t('help.charge.title')}</h3>
      <p className={styles.amount}>
        <Amount value={-item.charged} look="signed" />
        <Link href={casePath({ case: item.case })}>
          <StatusPill status={item.refundStatus} />
        </Link>
      </p>
      <dl>
        <dt>{t('help.charge.time')}</dt>
        <dd>
          <Time
            at={charge?.occurredAt ?? item.since}
            precision={precisionOf(charge?.precisionMs ?? item.precisionMs)}
          />
        </dd>
        {charge?.feature && (
          <>
            <dt>{t('help.charge.feature')}</dt>
            <dd>{labels.feature(charge.feature)}</dd>
          </>
        )}
        {item.model && (
          <>
            <dt>{t('help.charge.model')}</dt>
            <dd>{item.model}</dd>
          </>
        )}
        {item.agent && (
          <>
            <dt>{t('agent.label')}</dt>
            <dd>
              <AgentBadge agent={item.agent} />
            </dd>
          </>
        )}
        <dt>{t('help.charge.job')}</dt>
        <dd>{item.jobId === null ? t('help.charge.noJob') : labels.outcome(item.outcome)}</dd>
      </dl>
    </section>
  )
}
