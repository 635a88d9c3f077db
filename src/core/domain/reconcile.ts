/**
 * The causes D1 to D5 of docs/refund-rules.md: why the balance that the service states differs from the sum of the ledger.
 * Amounts are whole credits and signed: a difference is the stated balance minus the sum.
 */
import type { Reconciliation } from '../../shared/views.ts'

type Candidate = Reconciliation['candidates'][number]
type Cause = Candidate['kind']

/** The signed sum of some ledger rows, and their number. */
export interface LedgerSum {
  total: number
  records: number
}

/** What may explain a difference, as the store gathers it. */
export interface DifferenceFacts {
  statedAt: number
  /** Listed rows after `statedAt`. */
  writtenAfter: LedgerSum
  /** Retracted rows after the oldest row that states a balance, and before it. */
  retractedAfter: LedgerSum
  retractedBefore: LedgerSum
  /** Listed grants, top-ups and refunds whose expiry date had passed at `statedAt`. */
  pastExpiry: LedgerSum
  /** Listed rows of kind `expiry`; their total is negative. */
  expiries: LedgerSum
  /** Quarantined records of the credit history. */
  quarantined: number
  /** When the credit history was last read whole; null if never. */
  readAt: number | null
}

/**
 * The balance before the oldest record. `before` is the balance before the oldest row that states a balance,
 * `sumSince` the sum from that row on, `ledger` the sum of all rows.
 */
export const openingBalance = (before: number, sumSince: number, ledger: number): number => before - (ledger - sumSince)

/** The possible causes of a difference other than 0. A cause without records is left out unless it explains. */
export function differenceCandidates(difference: number, facts: DifferenceFacts): Candidate[] {
  const { writtenAfter, retractedAfter, retractedBefore, pastExpiry } = facts
  const mostExpired = Math.max(0, pastExpiry.total + facts.expiries.total)
  const explained = fewestCauses(
    difference,
    [
      // D1: the balance does not count rows that were written after it was stated.
      { kind: 'written_after', amounts: [-writtenAfter.total] },
      // D2: the balance still counts retracted rows, or no longer counts rows that it counted at the oldest row.
      {
        kind: 'retracted',
        amounts: [retractedAfter.total, -retractedBefore.total, retractedAfter.total - retractedBefore.total],
      },
    ],
    // D3: credits past their expiry date lapsed without a listed expiry.
    mostExpired,
  )
  const candidate = (kind: Cause, records: number, mayExplain = false): Candidate => {
    const found = explained.find((cause) => cause.kind === kind)
    // A cause of unknown amount explains only what no known amount does.
    const explains = found !== undefined || (mayExplain && explained.length === 0)
    return { kind, amount: found?.amount ?? null, records, explains }
  }
  const candidates = [
    candidate('written_after', writtenAfter.records),
    candidate('retracted', retractedAfter.records + retractedBefore.records),
    candidate('expired_unlisted', mostExpired > 0 ? pastExpiry.records : 0),
    // D4: a quarantined record may be the difference.
    candidate('quarantined', facts.quarantined, facts.quarantined > 0),
    // D5: the credit history was not read whole after the balance was stated.
    candidate('not_caught_up', 0, facts.readAt === null || facts.readAt < facts.statedAt),
  ]
  return candidates.filter(({ records, explains }) => records > 0 || explains)
}

/** A cause and its share of the difference. */
interface Share {
  kind: Cause
  amount: number
}

/** A cause of known amount: its share is one of `amounts`, or nothing. */
export interface ExactCause {
  kind: Cause
  amounts: number[]
}

/**
 * The fewest causes that add up to exactly `difference`; empty if none do. Up to `mostExpired` credits may have lapsed
 * unlisted besides; the ledger does not say how many of them were still left.
 */
export function fewestCauses(difference: number, causes: readonly ExactCause[], mostExpired: number): Share[] {
  const fitting = combinations(causes).flatMap((chosen) => {
    const rest = difference - chosen.reduce((sum, { amount }) => sum + amount, 0)
    if (rest === 0) return [{ chosen, guessed: false }]
    const guess: Share = { kind: 'expired_unlisted', amount: rest }
    return rest < 0 && -rest <= mostExpired ? [{ chosen: [...chosen, guess], guessed: true }] : []
  })
  // Exact amounts come before a guess of how much lapsed.
  fitting.sort((a, b) => Number(a.guessed) - Number(b.guessed) || a.chosen.length - b.chosen.length)
  return fitting[0]?.chosen ?? []
}

function combinations([first, ...rest]: readonly ExactCause[]): Share[][] {
  if (!first) return [[]]
  const { kind, amounts } = first
  const without = combinations(rest)
  const chosen = amounts.filter((amount) => amount !== 0).map((amount) => ({ kind, amount }))
  return [...without, ...chosen.flatMap((share) => without.map((others) => [share, ...others]))]
}
