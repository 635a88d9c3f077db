/** Several tables in one sheet: side by side, such as top-ups beside uses, or one below another. */
import type { SourceTable } from '../../../shared/imports.ts'
import { findHeading } from '../../domain/import/heading-row.ts'
import { hintOf } from '../../domain/import/headings.ts'
import { normal } from '../../domain/import/written-times.ts'
import { anyContext, creditHints } from './rank.ts'

/** The tables of a sheet. Parts with the same headings are one table; a sheet with one table stays as it is. */
export const apart = (table: SourceTable): SourceTable[] => below(table).flatMap(beside)

const isBlank = (cell: string | undefined): boolean => (cell ?? '').trim() === ''

/** Whether cells name times and credits, as the headings of a table do. */
function areHeadings(cells: readonly string[]): boolean {
  const hints = cells.map(hintOf)
  return hints.includes('when') && hints.some((hint) => hint !== null && creditHints.has(hint))
}

const keyOf = (cells: readonly string[]): string => JSON.stringify(cells.map(normal))

/** Cuts a sheet above each row of other headings. Lines between two tables belong to the lower one. */
function below({ name, rows, origins }: SourceTable): SourceTable[] {
  const starts: number[] = []
  let heading: string | null = null
  for (const [index, cells] of rows.entries()) {
    // Most rows are records, whose digits are quickly found.
    if (cells.some((cell) => /\d/.test(cell)) || !areHeadings(cells)) continue
    const key = keyOf(cells)
    if (heading !== null && key !== heading) starts.push(index)
    heading = key
  }
  const bounds = [0, ...starts.map((start) => aboveLines(rows, start)), rows.length]
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1] as number
    return { name, rows: rows.slice(from, to), origins: origins.slice(from, to) }
  })
}

const filled = (cells: readonly string[]): number => cells.filter((cell) => !isBlank(cell)).length

/** The first of the lines of at most one cell above a heading. */
function aboveLines(rows: readonly string[][], heading: number): number {
  let first = heading
  while (first > 0 && filled(rows[first - 1] ?? []) < 2) first--
  return first
}

/** Cuts a sheet where a blank column, or the first heading again, ends a table. */
function beside(table: SourceTable): SourceTable[] {
  const { row } = findHeading(table.rows, anyContext)
  if (row === null) return [table]
  const headings = table.rows[row] ?? []
  const isGap = (column: number) => table.rows.slice(row).every((cells) => isBlank(cells[column]))
  const gaps = new Set(headings.flatMap((heading, column) => (isBlank(heading) && isGap(column) ? [column] : [])))
  const starts = headings.flatMap((heading, column) =>
    column > 0 && !gaps.has(column) && (gaps.has(column - 1) || heading === headings[0]) ? [column] : [],
  )
  const bounds = [0, ...starts, headings.length]
  const parts = bounds.slice(0, -1).flatMap((from, index) => {
    let to = bounds[index + 1] as number
    while (gaps.has(to - 1)) to--
    return areHeadings(headings.slice(from, to)) ? [cut(table, from, to)] : []
  })
  if (parts.length < 2) return [table]
  return [...Map.groupBy(parts, ({ heading }) => heading).values()].map((same) => ({
    name: table.name,
    rows: same.flatMap(({ rows }) => rows),
    origins: same.flatMap(({ origins }) => origins),
  }))

  function cut({ rows, origins }: SourceTable, from: number, to: number) {
    const kept = rows.flatMap((cells, index) => {
      const part = cells.slice(from, to)
      return filled(part) > 0 ? [{ part, origin: origins[index] ?? index + 1 }] : []
    })
    const heading = keyOf(headings.slice(from, to))
    return { heading, rows: kept.map(({ part }) => part), origins: kept.map(({ origin }) => origin) }
  }
}
