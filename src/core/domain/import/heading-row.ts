import type { GuessReason } from '../../../shared/imports.ts'
import { readAmount } from './amounts.ts'
import { hintOf } from './headings.ts'
import type { TimeContext } from './written-dates.ts'
import { readTime } from './written-times.ts'

/** Headings are among the first rows of a table; notices above them are short. */
const searchedRows = 60

/** The index of the heading row, and why; null if the table has none. */
export function findHeading(
  rows: readonly string[][],
  context: TimeContext,
): { row: number | null; because: GuessReason } {
  const head = rows.slice(0, searchedRows)
  let best: { row: number; hits: number } | null = null
  for (const [row, cells] of head.entries()) {
    const filled = cells.filter((cell) => cell.trim() !== '')
    if (filled.length < 2 || filled.some((cell) => isValue(cell, context))) continue
    const hits = filled.filter((cell) => hintOf(cell) !== null).length
    if (hits >= 2 && hits > (best?.hits ?? 0)) best = { row, hits }
  }
  if (best) return { row: best.row, because: 'headings_known' }
  const first = head.findIndex(
    (cells) => cells.some((cell) => readTime(cell, context)?.date) && cells.some((cell) => readAmount(cell)),
  )
  const above = first > 0 ? (head[first - 1] ?? []) : []
  const width = (cells: readonly string[]) => cells.filter((cell) => cell.trim() !== '').length
  const isHeading =
    width(above) >= 2 && width(above) >= width(head[first] ?? []) && !above.some((cell) => isValue(cell, context))
  return isHeading ? { row: first - 1, because: 'above_first_row' } : { row: null, because: 'no_headings' }
}

const isValue = (cell: string, context: TimeContext): boolean =>
  readTime(cell, context) !== null || readAmount(cell) !== null
