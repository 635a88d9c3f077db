import type { TableOrder, UnderstoodRow } from '../../../shared/imports.ts'
import { dayMs } from '../days.ts'
import type { TimeContext } from './written-dates.ts'
import { normal, readTime, timeOf } from './written-times.ts'

const date = '(\\d{4} ?[.\\-/년] ?\\d{1,2} ?[.\\-/월] ?\\d{1,2})(?: ?[.일])?'
const period = new RegExp(`${date} ?(?:-|~|to|부터|에서) ?${date}`)

/** The period that a line above the table states, such as `조회기간 2026.01.01 - 2026.01.31`; `to` is exclusive. */
export function statedPeriod(rows: readonly string[][], context: TimeContext): { from: number; to: number } | null {
  for (const cells of rows) {
    const match = period.exec(normal(cells.join(' ')))
    const [first, last] = [match?.[1], match?.[2]].map((text) => (text ? readTime(text, context)?.date : null))
    if (!first || !last) continue
    const from = timeOf(first, null, null, context.zone).time
    const to = timeOf(last, null, null, context.zone).time + dayMs
    if (from < to) return { from, to }
  }
  return null
}

/** Whether a table begins with its newest or its oldest row. Balances prove it better than equal or disordered times. */
export function orderOf(rows: readonly UnderstoodRow[]): TableOrder | null {
  if (rows.length < 2) return null
  let [newest, oldest, falls, rises] = [0, 0, 0, 0]
  for (let index = 0; index + 1 < rows.length; index++) {
    const [here, next] = [rows[index] as UnderstoodRow, rows[index + 1] as UnderstoodRow]
    if (here.balanceAfter !== null && next.balanceAfter !== null) {
      if (here.balanceAfter === next.balanceAfter + here.amount) newest++
      if (next.balanceAfter === here.balanceAfter + next.amount) oldest++
    }
    if (here.occurredAt > next.occurredAt) falls++
    if (here.occurredAt < next.occurredAt) rises++
  }
  if (newest !== oldest && Math.max(newest, oldest) * 2 > rows.length - 1) {
    return { direction: newest > oldest ? 'newest_first' : 'oldest_first', provedBy: 'balance' }
  }
  if (falls > 0 && rises > 0) return { direction: 'mixed', provedBy: 'times' }
  return falls + rises === 0 ? null : { direction: falls > 0 ? 'newest_first' : 'oldest_first', provedBy: 'times' }
}
