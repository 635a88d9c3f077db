import type { Outcome } from '../../shared/values.ts'
import type { LedgerItem, TimelineEntry } from '../../shared/views.ts'

interface TimelineFacts {
  outcome: Outcome
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  deadlineAt: number | null
  transactions: readonly LedgerItem[]
}

/** The order of events with the same time. */
const order = ['asked', 'charged', 'started', 'finished', 'failed', 'canceled', 'refunded', 'retracted', 'deadline']

/**
 * The timeline of a job. Amounts are positive whole credits; the type of the event says in which direction they moved.
 */
export function timelineOf(facts: TimelineFacts): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  const add = (type: TimelineEntry['type'], at: number | null, row?: LedgerItem) => {
    if (at !== null) entries.push({ type, at, amount: row ? creditsOf(row) : null, transactionId: row?.id ?? null })
  }
  add('asked', facts.createdAt)
  add('started', facts.startedAt)
  for (const row of facts.transactions) {
    add(row.amount > 0 ? 'refunded' : 'charged', row.occurredAt, row)
    if (row.retractedAt !== null && row.kind === 'charge') add('retracted', row.retractedAt, row)
  }
  if (facts.outcome === 'succeeded') add('finished', facts.finishedAt)
  if (facts.outcome === 'failed' || facts.outcome === 'canceled') add(facts.outcome, facts.finishedAt)
  add('deadline', facts.deadlineAt)
  return entries.sort((a, b) => a.at - b.at || order.indexOf(a.type) - order.indexOf(b.type))
}

/** Amounts of the ledger have a sign; amounts of views are positive. */
const creditsOf = ({ amount }: LedgerItem): number => Math.abs(amount)
