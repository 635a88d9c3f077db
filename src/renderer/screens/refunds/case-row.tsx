import type { Ref } from 'react'
import { Link } from 'wouter'
import type { CaseItem } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { StatusIcon } from '../../parts/credits/status-pill.tsx'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import styles from './case-row.module.css'
import { useRowTexts } from './row-texts.ts'

interface CaseRowProps {
  item: CaseItem
  to: string
  selected: boolean
  tabStop: boolean
  linkRef: Ref<HTMLAnchorElement> | undefined
  onFocus: () => void
}

export function CaseRow({ item, to, selected, tabStop, linkRef, onFocus }: CaseRowProps) {
  const labels = useLabels()
  const { amount, about, time, overdue, note } = useRowTexts(item)
  return (
    <Link
      href={to}
      ref={linkRef}
      className={styles.row}
      tabIndex={tabStop ? 0 : -1}
      aria-current={selected ? 'true' : undefined}
      onFocus={onFocus}
      {...recordAttributes(item)}
    >
      <StatusIcon status={item.refundStatus} />
      <span className={styles.status}>{labels.status(item.refundStatus)}</span>
      <span className={`num ${styles.amount}`}>{amount}</span>
      <span className={`clip ${styles.about}`}>{about}</span>
      <span className={`num ${styles.time} ${overdue ? styles.overdue : ''}`}>{time}</span>
      <span className={styles.made}>
        {item.agent && <AgentBadge agent={item.agent} />}
        <AccountBadge account={item.account} />
        {item.model && <span className={styles.model}>{item.model}</span>}
        {note && <span className="clip">{note}</span>}
      </span>
    </Link>
  )
}
