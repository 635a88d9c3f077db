/** The evidence lines that prove the verdict of a case. */
import type { DecidedBy } from '../../shared/matches.ts'
import type { ProofStream } from '../../shared/values.ts'
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

type DoubtedVerdict = Verdict &
  Pick<
    CaseItem,
    'historyEndsAt' | 'jobsListedFrom' | 'creditsListedFrom' | 'surplus' | 'unreadable' | 'lacking' | 'matchedCharge'
  >

/** Adds a line: a claim that holds or does not, and the stream that shows it; null if no stream does. */
type AddLine = (
  claim: Evidence['claim'],
  holds: boolean,
  stream: Evidence['stream'],
  more?: Pick<Partial<Evidence>, 'at' | 'amount' | 'detail'>,
) => void

/** The source of the ledger rows of a case. */
type LedgerSource = 'import' | 'credits'

/**
 * The evidence of a verdict, line by line. `code` is Carat's own word for the end of a job. Amounts are positive whole
 * credits (of results: their number); the claim says in which direction credits moved.
 */
export function evidenceOf(
  facts: CaseFacts,
  verdict: DoubtedVerdict,
  readAt: ReadUntil,
  transactions: readonly LedgerItem[],
  possible: Pick<PossibleLinks, 'refunds' | 'jobs'>,
  code: string | null,
  matches: readonly MatchProof[] = [],
): Evidence[] {
  const lines: Evidence[] = []
  const add: AddLine = (claim, holds, stream, more = {}) =>
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

  if (matches.length > 0) {
    for (const match of matches) addMatch(add, match)
  } else if (facts.jobDeleted) {
    add('job_deleted', true, facts.agent && `jobs:${facts.agent}`)
  } else if (facts.outcome === 'no_job') {
    addMissingJob(add, facts, verdict, readAt)
    if (possible.jobs.length > 0) add('possible_job', true, null, { amount: possible.jobs.length })
    if (verdict.reason === 'possible_deletion') add('possible_deletion', true, facts.agent && `jobs:${facts.agent}`)
  } else {
    addJob(add, facts, code)
  }
  addCharges(add, ledger, transactions, verdict)
  if (facts.refundedTries > 0) add('tries_refunded', true, ledger, { amount: facts.refundedTries })
  addRefunds(add, ledger, transactions, possible.refunds)
  addOpenCredits(add, ledger, facts, verdict, transactions)
  addWait(add, verdict, facts)
  if (verdict.surplus > 0) add('balance_holds_more', true, null, { amount: verdict.surplus })
  return lines
}

function addMatch(add: AddLine, { by, jobs, probability, madeAt, decidedAt }: MatchProof): void {
  const detail = percentOf(probability)
  if (by === 'user') add('match_confirmed', true, null, { at: decidedAt, amount: jobs })
  else if (jobs === 0) add('match_any', true, null, { detail })
  else add('match_found', true, null, { at: madeAt, amount: jobs, detail })
}

/** The streams in which the job of a charge was looked for without success. */
function addMissingJob(add: AddLine, { isImported }: CaseFacts, verdict: DoubtedVerdict, readAt: ReadUntil): void {
  if (verdict.lacking.includes('results_not_known')) return
  for (const stream of ['jobs:agent-1', 'jobs:agent-2'] as const) {
    // An account that was never synced was not looked through, and an unreadable record may be the job.
    const isSearched = !isImported || readAt[stream] !== null
    if (isSearched && !verdict.unreadable.includes(stream)) add('no_job_record', false, stream)
  }
}

function addJob(add: AddLine, facts: CaseFacts, code: string | null): void {
  const { agent, resultCount, requestedResults } = facts
  const stream: ProofStream | 'import' | null = facts.isImported ? 'import' : agent && `jobs:${agent}`
  add('job_status', true, stream, { at: facts.finishedAt ?? facts.createdAt, detail: code })
  if (resultCount > 0 && resultCount < requestedResults) {
    add('results_short', true, stream, { amount: resultCount, detail: String(requestedResults) })
  } else if (facts.outcome === 'succeeded') {
    if (resultCount > 0) add('results', true, stream, { amount: resultCount })
    else add('no_results', false, stream)
  }
}

function addCharges(
  add: AddLine,
  ledger: LedgerSource,
  transactions: readonly LedgerItem[],
  { matchedCharge }: DoubtedVerdict,
): void {
  const charges = transactions.filter(({ kind }) => kind === 'charge')
  for (const row of charges) {
    // Not `-row.amount`, which is -0 for a charge of nothing.
    const amount = Math.abs(row.amount)
    add('charged', true, ledger, { at: row.occurredAt, amount, detail: row.source })
    if (row.retractedAt !== null) add('charge_retracted', true, ledger, { at: row.retractedAt, amount })
  }
  if (matchedCharge) {
    const { at, amount, probability } = matchedCharge
    add('match_charge', true, 'import', { at, amount, detail: percentOf(probability) })
  } else if (charges.length === 0) add('not_charged', true, ledger)
}

/** Credits that came back or were taken back again, and `unnamed` refunds that may belong to the case. */
function addRefunds(
  add: AddLine,
  ledger: LedgerSource,
  transactions: readonly LedgerItem[],
  unnamed: PossibleLinks['refunds'],
): void {
  const unnamedIds = new Set(unnamed.map(({ id }) => id))
  for (const row of transactions.filter(({ kind, id }) => kind !== 'charge' && !unnamedIds.has(id))) {
    if (row.retractedAt !== null) add('refund_retracted', true, ledger, { at: row.retractedAt, amount: row.amount })
    else if (row.amount < 0) add('taken_back', true, ledger, { at: row.occurredAt, amount: -row.amount })
    else if (row.kind === 'refund') add('refunded', true, ledger, { at: row.occurredAt, amount: row.amount })
    else add('refunded_as', true, ledger, { at: row.occurredAt, amount: row.amount, detail: row.kind })
    if (row.retractedAt === null && row.amount > 0 && row.expiresAt !== null && row.expiresAt <= row.occurredAt) {
      add('refund_lapsed', true, ledger, { at: row.expiresAt, amount: row.amount })
    }
  }
  for (const row of unnamed) {
    const claim = row.kind === 'refund' ? 'possible_refund' : 'possible_refund_as'
    add(claim, true, ledger, { at: row.occurredAt, amount: row.amount, detail: row.kind })
  }
}

/** That the outstanding credits did not come back, if the verdict asks for them. */
function addOpenCredits(
  add: AddLine,
  ledger: LedgerSource,
  { charged, refunded }: CaseFacts,
  { status, reason, lacking }: DoubtedVerdict,
  transactions: readonly LedgerItem[],
): void {
  const outstanding = charged - refunded
  const isOpen = status !== 'completed' && status !== 'partially_refunded' && reason !== 'possible_refund'
  if (outstanding <= 0 || !isOpen || lacking.includes('source_without_refunds')) return
  const isTakenBack = transactions.some(
    ({ kind, amount, retractedAt }) => kind !== 'charge' && amount < 0 && retractedAt === null,
  )
  if (refunded > 0) add('no_rest', false, ledger, { amount: outstanding })
  else add(isTakenBack ? 'no_refund_since' : 'no_refund', false, ledger)
}

/** The wait, and the proof that is lacking or unread. */
function addWait(add: AddLine, verdict: DoubtedVerdict, { createdAt }: CaseFacts): void {
  const { dueAt, deadlineAt, unread, lacking, historyEndsAt, jobsListedFrom, creditsListedFrom, unreadable } = verdict
  if (dueAt !== null) add('wait_running', true, null, { at: dueAt })
  else if (deadlineAt !== null && unread.length === 0) add('wait_over_read_after', true, null, { at: deadlineAt })
  for (const reason of lacking) add(reason, false, null, { at: deadlineAt })
  if (lacking.length > 0) return
  for (const stream of unread) {
    if (unreadable.includes(stream)) add(stream === 'credits' ? 'record_unreadable' : 'job_unreadable', false, stream)
    else if (stream !== 'credits' && jobsListedFrom !== null) add('jobs_begin', false, stream, { at: jobsListedFrom })
    else if (stream === 'credits' && creditsListedFrom !== null)
      add('credits_begin', false, stream, { at: creditsListedFrom })
    else if (stream === 'credits' && historyEndsAt !== null) add('history_ends', false, stream, { at: historyEndsAt })
    else add('still_to_read', false, stream, { at: deadlineAt ?? createdAt })
  }
}

/** A probability in whole percent; null if the user decided. */
const percentOf = (probability: number | null): string | null =>
  probability === null ? null : String(Math.floor(probability * 100))
