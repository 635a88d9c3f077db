import type { DecidedBy } from '../../shared/matches.ts'
import type { Lacking, ProofStream } from '../../shared/values.ts'
import type { CaseItem, Evidence, LedgerItem, PossibleLinks } from '../../shared/views.ts'
import type { CaseFacts, ReadUntil, Verdict } from './refund-status.ts'

/** Jobs that were matched to a charge without a job, by one decision. */
export interface MatchProof {
  by: DecidedBy
  /** How many; none if one of several jobs belongs to the charge. */
  jobs: number
  /** Null if the user decided. */
  probability: number | null
  /** When the first of them was made; null without jobs. */
  madeAt: number | null
  decidedAt: number
}

/**
 * The evidence of a verdict, line by line. `code` is Carat's own word for the end of a job. Amounts are positive whole
 * credits (of results: their number); the claim says in which direction credits moved.
 */
export function evidenceOf(
  facts: CaseFacts,
  verdict: Verdict & Pick<CaseItem, 'historyEndsAt' | 'surplus' | 'unreadable' | 'lacking' | 'matchedCharge'>,
  readAt: ReadUntil,
  transactions: readonly LedgerItem[],
  possible: Pick<PossibleLinks, 'refunds' | 'jobs'>,
  code: string | null,
  matches: readonly MatchProof[] = [],
): Evidence[] {
  const lines: Evidence[] = []
  const add = (claim: Evidence['claim'], holds: boolean, stream: Evidence['stream'], more: Partial<Evidence> = {}) =>
    lines.push({
      claim,
      holds,
      stream,
      readAt: stream === null || stream === 'import' ? null : readAt[stream],
      at: null,
      amount: null,
      detail: null,
      ...more,
    })
  const ledger = facts.isImported ? 'import' : 'credits'
  const lacks = (reason: Lacking) => verdict.lacking.includes(reason)

  if (matches.length > 0) {
    for (const match of matches) addMatch(match)
  } else if (facts.jobDeleted) {
    add('job_deleted', true, facts.agent && `jobs:${facts.agent}`)
  } else if (facts.outcome === 'no_job') {
    if (!lacks('results_not_known')) {
      for (const stream of ['jobs:agent-1', 'jobs:agent-2'] as const) {
        // Where no service is read, nothing was looked for; and a record that could not be read may be the job.
        const isLookedFor = !facts.isImported || readAt[stream] !== null
        if (isLookedFor && !verdict.unreadable.includes(stream)) add('no_job_record', false, stream)
      }
    }
    if (possible.jobs.length > 0) add('possible_job', true, null, { amount: possible.jobs.length })
  } else {
    const own: ProofStream | null = facts.agent && `jobs:${facts.agent}`
    add('job_status', true, own, { at: facts.finishedAt ?? facts.createdAt, detail: code })
    const { resultCount, requestedResults } = facts
    if (resultCount > 0 && resultCount < requestedResults) {
      add('results_short', true, own, { amount: resultCount, detail: String(requestedResults) })
    } else if (facts.outcome === 'succeeded') {
      if (facts.resultCount > 0) add('results', true, own, { amount: facts.resultCount })
      else add('no_results', false, own)
    }
  }
  const charges = transactions.filter((row) => row.kind === 'charge')
  for (const row of charges) {
    // Not `-row.amount`, which is -0 for a charge of nothing.
    const amount = Math.abs(row.amount)
    add('charged', true, ledger, { at: row.occurredAt, amount, detail: row.source })
    if (row.retractedAt !== null) add('charge_retracted', true, ledger, { at: row.retractedAt, amount })
  }
  const { matchedCharge } = verdict
  if (matchedCharge) {
    const { at, amount, probability } = matchedCharge
    add('match_charge', true, 'import', { at, amount, detail: percentOf(probability) })
  } else if (charges.length === 0) add('not_charged', true, ledger)
  if (facts.refundedTries > 0) add('tries_refunded', true, ledger, { amount: facts.refundedTries })
  const unnamed = new Set(possible.refunds.map(({ id }) => id))
  for (const row of transactions.filter(({ kind, id }) => kind !== 'charge' && !unnamed.has(id))) {
    if (row.retractedAt !== null) add('refund_retracted', true, ledger, { at: row.retractedAt, amount: row.amount })
    else if (row.amount < 0) add('taken_back', true, ledger, { at: row.occurredAt, amount: -row.amount })
    else if (row.kind === 'refund') add('refunded', true, ledger, { at: row.occurredAt, amount: row.amount })
    else add('refunded_as', true, ledger, { at: row.occurredAt, amount: row.amount, detail: row.kind })
    if (row.retractedAt === null && row.amount > 0 && row.expiresAt !== null && row.expiresAt <= row.occurredAt) {
      add('refund_lapsed', true, ledger, { at: row.expiresAt, amount: row.amount })
    }
  }
  for (const row of possible.refunds) {
    const claim = row.kind === 'refund' ? 'possible_refund' : 'possible_refund_as'
    add(claim, true, ledger, { at: row.occurredAt, amount: row.amount, detail: row.kind })
  }
  const outstanding = facts.charged - facts.refunded
  const isTakenBack = lines.some(({ claim }) => claim === 'taken_back')
  const isOpen = !['completed', 'partially_refunded'].includes(verdict.status) && verdict.reason !== 'possible_refund'
  if (outstanding > 0 && isOpen && !lacks('source_without_refunds')) {
    if (facts.refunded > 0) add('no_rest', false, ledger, { amount: outstanding })
    else add(isTakenBack ? 'no_refund_since' : 'no_refund', false, ledger)
  }
  if (verdict.dueAt !== null) add('wait_running', true, null, { at: verdict.dueAt })
  else if (verdict.deadlineAt !== null && verdict.unread.length === 0) {
    add('wait_over_read_after', true, null, { at: verdict.deadlineAt })
  }
  for (const reason of verdict.lacking) add(reason, false, null, { at: verdict.deadlineAt })
  for (const stream of verdict.lacking.length > 0 ? [] : verdict.unread) {
    const { historyEndsAt, unreadable, deadlineAt } = verdict
    if (unreadable.includes(stream)) add(stream === 'credits' ? 'record_unreadable' : 'job_unreadable', false, stream)
    else if (stream === 'credits' && historyEndsAt !== null) add('history_ends', false, stream, { at: historyEndsAt })
    else add('still_to_read', false, stream, { at: deadlineAt })
  }
  if (verdict.surplus > 0) add('balance_holds_more', true, null, { amount: verdict.surplus })
  return lines

  function addMatch({ by, jobs, probability, madeAt, decidedAt }: MatchProof): void {
    const detail = percentOf(probability)
    if (by === 'user') add('match_confirmed', true, null, { at: decidedAt, amount: jobs })
    else if (jobs === 0) add('match_any', true, null, { detail })
    else add('match_found', true, null, { at: madeAt, amount: jobs, detail })
  }
}

/** A probability in whole percent; null if the user decided. */
const percentOf = (probability: number | null): string | null =>
  probability === null ? null : String(Math.floor(probability * 100))
