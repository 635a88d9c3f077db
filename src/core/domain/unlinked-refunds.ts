/**
 * Rows above zero that count in no case and may still give the credits of one back (rule L14). They count as no money: they only
 * disprove that credits are missing.
 */
import { koreanDayOf } from './days.ts'
import { mayBeOfCase, mayBeRefundOf, type OpenCase, type UnnamedRefund } from './possible-links.ts'

/** Looked at per case, and per refund: the nearest ones. More would say nothing about any of them. */
export const mostLookedAt = 100

/** The unlinked refunds that may be those of a case, and the other cases for which one of them may have come, too. */
export interface PossibleReturn {
  refunds: readonly UnnamedRefund[]
  cases: readonly OpenCase[]
}

/**
 * The refunds among `refunds` that may give a case back what it misses. `amounts`: its open amounts, all that is open first.
 * `othersBefore`: the other cases that missed all of their credits when a refund was written.
 */
export function possibleReturn(
  refunds: readonly UnnamedRefund[],
  amounts: readonly OpenCase[],
  othersBefore: (refund: UnnamedRefund) => readonly OpenCase[],
): PossibleReturn {
  // L14: one amount of the case, or all of it together with other refunds or for other cases, too.
  const exact = refunds.filter((refund) => amounts.some((amount) => mayBeRefundOf(refund, amount)))
  const [whole] = amounts
  if (exact.length > 0 || !whole) return { refunds: exact, cases: [] }
  const near = refunds.filter((refund) => mayBeOfCase(refund, whole))
  const parts = partsOf(whole.open, near)
  if (parts.length > 0) return { refunds: parts, cases: [] }
  for (const refund of near.filter(({ amount }) => amount > whole.open)) {
    const cases = sharing(refund, whole, othersBefore(refund))
    if (cases.length > 0) return { refunds: [refund], cases }
  }
  return { refunds: [], cases: [] }
}

/** Refunds that together make an amount: refunds of any days, or rows of any kind of one day in Korea. */
function partsOf(total: number, refunds: readonly UnnamedRefund[]): UnnamedRefund[] {
  const days = Map.groupBy(refunds, ({ at }) => koreanDayOf(at))
  for (const list of [refunds.filter(({ isRefund }) => isRefund), ...days.values()]) {
    for (const [index, first] of list.entries()) {
      const others = completing(total, first.amount, list.slice(index + 1), ({ amount }) => amount)
      if (others.length > 0) return [first, ...others]
    }
  }
  return []
}

/** The other cases for which a refund may have come together with `own`: of any days, or, unless it is a refund by its kind, of one. */
function sharing(refund: UnnamedRefund, own: OpenCase, others: readonly OpenCase[]): readonly OpenCase[] {
  const day = koreanDayOf(own.chargedAt)
  const fitting = others.filter((other) => other.caseId !== own.caseId && mayBeOfCase(refund, other))
  const ofDay = fitting.filter(({ chargedAt }) => koreanDayOf(chargedAt) === day)
  for (const list of refund.isRefund ? [ofDay, fitting] : [ofDay]) {
    const cases = completing(refund.amount, own.open, list, ({ open }) => open)
    if (cases.length > 0) return cases
  }
  return []
}

/**
 * What makes `own` up to `total`: one other amount, equal amounts, or all others together; nothing if none does. Other sums are
 * not tried: of many amounts, some always fit by chance.
 */
function completing<Part>(
  total: number,
  own: number,
  others: readonly Part[],
  amountOf: (part: Part) => number,
): readonly Part[] {
  const rest = total - own
  if (rest <= 0) return []
  const one = others.find((part) => amountOf(part) === rest)
  if (one) return [one]
  const equal = others.filter((part) => amountOf(part) === own)
  if (rest % own === 0 && equal.length >= rest / own) return equal.slice(0, rest / own)
  return others.reduce((sum, part) => sum + amountOf(part), 0) === rest ? others : []
}
