/** A second, simple implementation of earlier tries: charges that came back before another one stood. */
import type { CreditTransaction } from '../../src/core/service/schemas.ts'

/** The rows of a case. */
interface Rows {
  charges: CreditTransaction[]
  others: CreditTransaction[]
  retracted: ReadonlySet<string>
}

/** The earlier tries of a case. If `came` of the `asked` results leave just the share of the rest, what came back late is no try. */
export function expectedTries({ charges, others, retracted }: Rows, came: number, asked: number): number {
  const some = (rows: CreditTransaction[]) => rows.filter((row) => row.amount !== 0)
  const total = (rows: CreditTransaction[]) => rows.reduce((sum, row) => sum + row.amount, 0)
  const settled = settledBefore(charges, others, retracted)
  const gone = Math.abs(total(charges.filter((row) => retracted.has(row.id))))
  const back = gone + Math.max(0, total(others)) - settled
  const price = Math.abs(total(charges)) + Math.max(0, -total(others)) - settled
  const share = (price * (asked - came)) / asked
  if (back > 0 && [Math.floor(share), Math.ceil(share)].includes(back)) return settled
  return Math.max(settled, triesBack(some(charges), some(others), retracted))
}

/** The credits of charges that one refund each gave back, if another charge stands. */
function triesBack(charges: CreditTransaction[], others: CreditTransaction[], retracted: ReadonlySet<string>): number {
  const left = charges.filter((row) => !retracted.has(row.id)).map((row) => Math.abs(row.amount))
  let back = charges.filter((row) => retracted.has(row.id)).reduce((sum, row) => sum + Math.abs(row.amount), 0)
  for (const { amount } of others) {
    if (!left.includes(amount)) return 0
    left.splice(left.indexOf(amount), 1)
    back += amount
  }
  return left.length === 0 ? 0 : back
}

/** The credits of the longest part of the history that adds up to nothing and is followed by a charge that stands. */
function settledBefore(
  charges: CreditTransaction[],
  others: CreditTransaction[],
  retracted: ReadonlySet<string>,
): number {
  const total = (rows: CreditTransaction[]) => rows.reduce((sum, row) => sum + row.amount, 0)
  const listed = charges.filter((row) => row.amount !== 0 && !retracted.has(row.id))
  const starts = [...new Set(listed.map((row) => row.occurredAt))].toSorted((a, b) => b - a)
  for (const start of starts) {
    for (const end of [...new Set([...listed, ...others].map((row) => row.occurredAt))].toSorted((a, b) => b - a)) {
      const until = (rows: CreditTransaction[]) => total(rows.filter((row) => row.occurredAt <= end))
      const [paid, given] = [until(listed), until(others)]
      const isSettled = end < start && paid !== 0 && paid + given === 0 && given <= total(others)
      if (isSettled) return Math.abs(paid) + Math.abs(total(charges.filter((row) => retracted.has(row.id))))
    }
  }
  return 0
}
