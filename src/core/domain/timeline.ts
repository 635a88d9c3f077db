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

/** What happens at the same moment is told in this order. */
const order = ['asked', 'charged', 'started', 'finished', 'failed', 'canceled', 'refunded', 'retracted', 'deadline']

/** One line of time for a job: asked, charged, running, finished or failed, given back, and the end of a wait. */
export function timelineOf(facts: TimelineFacts): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  const add = (type: TimelineEntry['type'], at: number | null, row?: LedgerItem) => {
    if (at !== null) entries.push({ type, at, amount: row?.amount ?? null, transactionId: row?.id ?? null })
  }
  add('asked', facts.createdAt)
  add('started', facts.startedAt)
  for (const row of facts.transactions) {
    add(row.kind === 'refund' ? 'refunded' : 'charged', row.occurredAt, row)
    if (row.retractedAt !== null && row.kind === 'charge') add('retracted', row.retractedAt, row)
  }
  if (facts.outcome === 'succeeded') add('finished', facts.finishedAt)
  if (facts.outcome === 'failed' || facts.outcome === 'canceled') add(facts.outcome, facts.finishedAt)
  add('deadline', facts.deadlineAt)
  return entries.sort((a, b) => a.at - b.at || order.indexOf(a.type) - order.indexOf(b.type))
}
