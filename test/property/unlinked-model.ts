/** A second, simple implementation of rule L14: the rows that count in no case and may give the credits of one back. */

import { koreanDayOf } from '../../src/core/domain/days.ts'
import { mostLookedAt } from '../../src/core/domain/unlinked-refunds.ts'
import type { CreditTransaction } from '../../src/core/service/schemas.ts'

/** What the rule looks at in a case. `open`: what it misses, or null if a refund without ids counts in it. */
export interface MissingCase {
  name: string
  open: number | null
  at: number
  /** When its job began, or else when it was charged. */
  begunAt: number
  /** Its oldest charge. */
  chargedAt: number
  /** Whether the properties and the time of a row fit it, whatever its amount. */
  fits(row: CreditTransaction): boolean
  /** Whether the row gives back exactly one of its amounts. */
  isExact(row: CreditTransaction): boolean
  /** Whether the row names the case. */
  isNamedBy(row: CreditTransaction): boolean
}

const known = ['charge', 'refund', 'grant', 'top_up', 'expiry', 'adjustment']

/** Whether one of the rows that count in no case may give the credits of a case back. */
export function mayGiveBack(
  unlinked: readonly CreditTransaction[],
  isWithoutRecord: (row: CreditTransaction) => boolean,
  own: MissingCase,
  all: readonly MissingCase[],
): boolean {
  if (unlinked.some((row) => !known.includes(row.kind) && own.isNamedBy(row))) return true
  const rows = unlinked
    .filter(isWithoutRecord)
    .filter(({ occurredAt }) => occurredAt >= own.chargedAt)
    .toSorted((a, b) => a.occurredAt - b.occurredAt)
    .slice(0, mostLookedAt)
  if (rows.some(own.isExact)) return true
  const { open } = own
  if (open === null) return false
  const near = rows.filter(own.fits)
  const days = [...new Set(near.map((row) => koreanDayOf(row.occurredAt)))]
  const lists = [
    near.filter(({ kind }) => kind === 'refund'),
    ...days.map((day) => near.filter((row) => koreanDayOf(row.occurredAt) === day)),
  ]
  if (lists.some((list) => sums(list.map(({ amount }) => amount)).includes(open))) return true
  return near.some((row) => {
    const nearest = all
      .filter(({ open, begunAt }) => open !== null && begunAt <= row.occurredAt)
      .toSorted((a, b) => b.begunAt - a.begunAt)
      .slice(0, mostLookedAt)
    const others = nearest.filter(
      (other) =>
        other.name !== own.name &&
        other.fits(row) &&
        (row.kind === 'refund' || koreanDayOf(other.at) === koreanDayOf(own.at)),
    )
    const ofDay = others.filter(({ at }) => koreanDayOf(at) === koreanDayOf(own.at))
    return [others, ofDay].some((list) =>
      sumsWith(
        open,
        list.map((other) => other.open as number),
      ).includes(row.amount),
    )
  })
}

const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0)

/** The sums that two amounts, equal ones, or all make. */
const sums = (amounts: readonly number[]): number[] =>
  amounts.flatMap((own, index) => sumsWith(own, amounts.toSpliced(index, 1)))

/** The same with one amount in each sum. */
function sumsWith(own: number, others: readonly number[]): number[] {
  if (others.length === 0) return []
  const equal = others.filter((amount) => amount === own)
  return [...others.map((other) => own + other), ...equal.map((_, index) => own * (index + 2)), own + total(others)]
}
