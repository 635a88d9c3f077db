// biome-ignore-all lint/a11y/useSemanticElements: the rows are positioned, which the elements of a real table cannot be
import { Archive } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LedgerItem } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { precisionOf } from '../../i18n/format.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { jobPath } from '../../navigation/paths.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Amount, Time } from '../../ui/values.tsx'
import { TransactionLink } from './transaction-link.tsx'
import { TransactionPicture } from './transaction-picture.tsx'
import styles from './transaction-row.module.css'

interface TransactionRowProps {
  item: LedgerItem
  /** Whether the address names this row; it is highlighted and gets the focus once. */
  current: boolean
  onJump: (id: string) => void
}

export function TransactionRow({ item, current, onJump }: TransactionRowProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const what = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (current) what.current?.focus({ preventScroll: true })
  }, [current])

  const { agent, jobId, refundStatus, amount, source, kind } = item
  const precision = precisionOf(item.precisionMs)
  const isRetracted = item.retractedAt !== null
  return (
    <div
      className={styles.row}
      aria-current={current ? 'true' : undefined}
      data-transaction-id={item.id}
      {...(refundStatus && recordAttributes({ account: item.account, agent, jobId, refundStatus }))}
    >
      <span role="cell" className={styles.time}>
        {precision !== 'day' && <Time at={item.occurredAt} look="time" precision={precision} />}
      </span>
      <span role="cell" className={styles.what} ref={what} tabIndex={current ? -1 : undefined}>
        <TransactionPicture item={item} />
        <span className={styles.text}>
          <TransactionItem item={item} />
          <AccountBadge account={item.account} />
          {isRetracted && (
            <span className={styles.retracted}>
              <Icon icon={Archive} size={14} />
              {t('credits.retracted')}
            </span>
          )}
        </span>
        {source && <span className={styles.sourceInline}>{labels.source(source)}</span>}
      </span>
      <span role="cell" className={styles.agent}>
        {agent && <AgentBadge agent={agent} look="quiet" />}
      </span>
      <span role="cell" className={styles.source}>
        {source && labels.source(source)}
      </span>
      <span role="cell" className={styles.status}>
        <TransactionLink item={item} onJump={onJump} />
      </span>
      <span role="cell" className={`${styles.change} ${kind === 'refund' ? styles.back : ''}`}>
        {isRetracted ? (
          <s>
            <Amount value={amount} look="signed" />
          </s>
        ) : (
          <Amount value={amount} look="signed" />
        )}
      </span>
      <span role="cell" className={styles.balance}>
        {item.runningBalance !== null && <Amount value={item.runningBalance} />}
      </span>
    </div>
  )
}

/** The item of a transaction, with a link to its job if the job is known. */
function TransactionItem({ item }: { item: LedgerItem }) {
  const labels = useLabels()
  const { kind, feature, model, prompt, memo, agent, jobId } = item
  const purpose = kind === 'charge' && feature ? labels.feature(feature) : labels.transaction(kind)
  const words = (
    <>
      <span className={styles.name}>{model ?? purpose}</span>
      <span className={`clip ${styles.about}`}>{(kind === 'refund' ? memo : null) ?? prompt ?? memo}</span>
    </>
  )
  return agent && jobId ? (
    <Link href={jobPath({ account: item.account, agent, jobId })} className={`${styles.words} ${styles.link}`}>
      {words}
    </Link>
  ) : (
    <span className={styles.words}>{words}</span>
  )
}
