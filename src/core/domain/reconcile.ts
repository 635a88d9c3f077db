/**
 * The causes D1 to D7 of docs/refund-rules.md: why the balance that the service states differs from the sum of the ledger.
 * Amounts are whole credits and signed: a difference is the stated balance minus the sum.
 */
import type { Reconciliation } from '../../shared/views.ts'
import type { Lapse } from './lapses.ts'

type Candidate = Reconciliation['candidates'][number]
type Cause = Candidate['kind']

/** The signed sum of some ledger rows, and their number. */
export interface LedgerSum {
  total: number
  records: number
}

/** The records that may explain a difference, gathered by the store. */
export interface DifferenceFacts {
  statedAt: number
  /** Listed rows after `statedAt`. */
  writtenAfter: LedgerSum
  /** Retracted rows after the oldest row that states a balance, and before it. */
  retractedAfter: LedgerSum
  retractedBefore: LedgerSum
  /** Credits that ran out by `statedAt` without an expiry on record, oldest first. */
  lapses: readonly Lapse[]
  /** Quarantined records of the credit history. */
  quarantined: number
  /** When the credit history was last read whole; null if never. */
  readAt: number | null
  /** Resets of daily credits without a row. */
  resets: LedgerSum
  /** Outstanding credits of each case whose refund may be in the balance already. */
  doubtful: readonly number[]
}

/**
 * The balance before the oldest record. `before` is the balance before the oldest row that states a balance,
 * `sumSince` the sum from that row on, `ledger` the sum of all rows.
 */
export const openingBalance = (before: number, sumSince: number, ledger: number): number => before - (ledger - sumSince)

/**
 * The balance before rows of one time, from the balances that they state: each row begins at the balance at which another one
 * ends, except the first. Null if the balances fit no order, or several.
 */
export function balanceBefore(rows: readonly { amount: number; balanceAfter: number }[]): number | null {
  const ends = new Map<number, number>()
  for (const { balanceAfter } of rows) ends.set(balanceAfter, (ends.get(balanceAfter) ?? 0) + 1)
  const starts: number[] = []
  for (const { amount, balanceAfter } of rows) {
    const before = balanceAfter - amount
    const left = ends.get(before) ?? 0
    if (left > 0) ends.set(before, left - 1)
    else starts.push(before)
  }
  return starts.length === 1 ? (starts[0] as number) : null
}

/** The possible causes of a difference other than 0, and the amount that they do not explain. */
export function differenceCandidates(
  difference: number,
  facts: DifferenceFacts,
): Pick<Reconciliation, 'candidates' | 'unexplained'> {
  const { writtenAfter, retractedAfter, retractedBefore, lapses, resets, doubtful } = facts
  const mostExpired = sumOf(lapses.map(({ amount }) => amount))
  const exact = fewestCauses(
    difference,
    [
      // D1: the balance does not count rows that were written after it was stated.
      { kind: 'written_after', amounts: [-writtenAfter.total] },
      // D2: the balance still counts retracted rows, or no longer counts rows that it counted at the oldest row.
      {
        kind: 'retracted',
        amounts: [retractedAfter.total, -retractedBefore.total, retractedAfter.total - retractedBefore.total],
      },
      { kind: 'daily_reset', amounts: [resets.total] },
      { kind: 'unlisted_refund', amounts: [...new Set([...doubtful, sumOf(doubtful)])] },
    ],
    mostExpired,
  )
  const explained = exact.length > 0 ? exact : partialCauses(difference, resets.total, mostExpired)
  const rest = difference - sumOf(explained.map(({ amount }) => amount))
  const candidate = (kind: Cause, records: number, more: Partial<Candidate> = {}): Candidate => {
    const found = explained.find((cause) => cause.kind === kind)
    return { kind, amount: found?.amount ?? null, records, at: null, explains: found !== undefined, ...more }
  }
  const lapsed = lapsesBehind(lapses, -(explained.find(({ kind }) => kind === 'expired_unlisted')?.amount ?? 0))
  // A cause of unknown amount may explain only the rest that known amounts do not.
  const mayExplain = (holds: boolean) => ({ explains: holds && rest !== 0 })
  const candidates = [
    candidate('written_after', writtenAfter.records),
    candidate('retracted', retractedAfter.records + retractedBefore.records),
    // D3: credits were left at their expiry date, and lapsed without a listed expiry.
    candidate('expired_unlisted', lapsed.length, { at: lapsed.at(-1)?.at ?? null }),
    // D4: a quarantined record may be the difference.
    candidate('quarantined', facts.quarantined, mayExplain(facts.quarantined > 0)),
    // D5: the credit history was not read whole after the balance was stated.
    candidate('not_caught_up', 0, mayExplain(facts.readAt === null || facts.readAt < facts.statedAt)),
    // D6: the free credits of a day were filled up again.
    candidate('daily_reset', resets.records),
    // D7: refunds that cases still miss were booked without a row.
    candidate('unlisted_refund', doubtful.length),
  ]
  const isGuessed = candidates.some(({ explains, amount }) => explains && amount === null)
  return {
    candidates: candidates.filter(({ records, explains }) => records > 0 || explains),
    unexplained: isGuessed ? 0 : rest,
  }
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

/** The causes if they do not add up to the difference: known resets, and as many expired credits as are possible. */
function partialCauses(difference: number, resets: number, mostExpired: number): Share[] {
  const expired = Math.min(mostExpired, Math.max(0, resets - difference))
  const shares: Share[] = [
    { kind: 'daily_reset', amount: resets },
    { kind: 'expired_unlisted', amount: -expired },
  ]
  return shares.filter(({ amount }) => amount !== 0)
}

/** The lapses that make up an amount: a single one if it fits exactly, else the newest ones. */
function lapsesBehind(lapses: readonly Lapse[], amount: number): Lapse[] {
  const single = lapses.findLast((lapse) => lapse.amount === amount)
  if (single || amount === 0) return single ? [single] : []
  let rest = amount
  return lapses
    .toReversed()
    .filter((lapse) => {
      const isNeeded = rest > 0
      rest -= lapse.amount
      return isNeeded
    })
    .toReversed()
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
 * The fewest causes that add up to exactly `difference`; empty if none do. In addition, up to `mostExpired` credits may have
 * lapsed unlisted; the exact number is unknown, because they may have been spent.
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
