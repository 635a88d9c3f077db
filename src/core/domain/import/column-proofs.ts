/** What the numbers of a table prove about its columns, whatever the headings say. */
import { wholeOf } from './amounts.ts'
import { type HeadingHint, isIdHint, isTotalRow } from './headings.ts'
import type { Profile } from './profile.ts'

/**
 * The column whose numbers differ from row to row by an amount of another column: it is the balance, whatever its heading says.
 * Null if there is none, or if two columns fit.
 */
export function provenBalance(
  rows: readonly string[][],
  profiles: readonly Profile[],
  hints: readonly (HeadingHint | null)[],
): number | null {
  const numeric = profiles.flatMap((profile, column) =>
    profile.filled > 3 && profile.amounts >= 0.8 * profile.filled && !isIdHint(hints[column] ?? null) ? [column] : [],
  )
  if (numeric.length < 2 || numeric.length > 6) return null
  const values = new Map(numeric.map((column) => [column, rows.map((row) => wholeOf(row[column]))]))
  const proven = numeric.filter((balance) =>
    numeric.some((amount) => amount !== balance && addsUp(values.get(balance) ?? [], values.get(amount) ?? [])),
  )
  return proven.length === 1 ? (proven[0] as number) : null
}

/**
 * The second side of the credits, if only the first has a heading that says so, such as `Used` and `Amount` or `Debit` and
 * `Credit`: no row fills both.
 */
export function excludedSides(
  rows: readonly string[][],
  profiles: readonly Profile[],
  hints: readonly (HeadingHint | null)[],
  balance: number | null,
): Map<number, 'charged' | 'credited'> {
  const numeric = profiles.flatMap((profile, column) =>
    column !== balance && profile.amounts >= 0.5 * profile.filled ? [column] : [],
  )
  const isFilled = (row: readonly string[], column: number) => Boolean(wholeOf(row[column]))
  const records = rows.filter((row) => !isTotalRow(row))
  const found = new Map<number, 'charged' | 'credited'>()
  for (const [side, other] of [
    ['charged', 'credited'],
    ['credited', 'charged'],
  ] as const) {
    const known = numeric.filter((column) => hints[column] === side)
    const open = numeric.filter((column) => hints[column] === 'amount' || hints[column] === null)
    const [first] = known
    if (first === undefined || known.length > 1 || hints.includes(other)) continue
    const fitting = open.filter(
      (column) =>
        records.every((row) => isFilled(row, first) !== isFilled(row, column)) &&
        records.some((row) => isFilled(row, column)) &&
        records.some((row) => isFilled(row, first)),
    )
    if (fitting.length === 1) found.set(fitting[0] as number, other)
  }
  return found
}

function addsUp(balances: readonly (number | null)[], amounts: readonly (number | null)[]): boolean {
  let [pairs, newestFirst, oldestFirst] = [0, 0, 0]
  for (let index = 0; index + 1 < balances.length; index++) {
    const [here, next, amount, nextAmount] = [balances[index], balances[index + 1], amounts[index], amounts[index + 1]]
    if (here == null || next == null || amount == null || nextAmount == null) continue
    pairs++
    if (Math.abs(here - next) === Math.abs(amount)) newestFirst++
    if (Math.abs(next - here) === Math.abs(nextAmount)) oldestFirst++
  }
  return pairs >= 3 && Math.max(newestFirst, oldestFirst) >= 0.8 * pairs
}
