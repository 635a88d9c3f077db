import type { SourceTable } from '../../../shared/imports.ts'
import { readAmount } from '../../domain/import/amounts.ts'
import { findHeading } from '../../domain/import/heading-row.ts'
import { type HeadingHint, hintOf } from '../../domain/import/headings.ts'
import { ownRoles } from '../../domain/import/own-exports.ts'
import { sampleOf } from '../../domain/import/profile.ts'
import { readTime } from '../../domain/import/written-times.ts'

/** For readers that only need the form of a time: its value is decided when the table is understood. */
export const anyContext = { now: Date.UTC(2026, 0, 1), zone: 'UTC', dateOrder: 'year_first' } as const

/** The approximate number of rows with a date and an amount in different cells. */
export function countRecords({ rows }: SourceTable): number {
  const sample = sampleOf(rows)
  const hits = sample.filter(isRecord).length
  return Math.round((hits * rows.length) / Math.max(sample.length, 1))
}

const isRecord = (cells: readonly string[]): boolean =>
  cells.some(isDate) && cells.some((cell) => !isDate(cell) && readAmount(cell) !== null)

/** Whether most rows between the first and the last record are records, unlike in a list with several lines per record. */
export function isDense({ rows }: SourceTable): boolean {
  const records = sampleOf(rows).map(isRecord)
  const between = records.slice(records.indexOf(true), records.lastIndexOf(true) + 1)
  return between.length > 1 && between.filter(Boolean).length > 0.6 * between.length
}

/** Whether the headings name times and credits, and most rows below have as many cells. */
export function hasHeading({ rows }: SourceTable): boolean {
  const { row } = findHeading(rows, anyContext)
  if (row === null) return false
  const heading = rows[row] ?? []
  const hints = heading.map(hintOf)
  const below = sampleOf(rows.slice(row + 1))
  const whole = below.filter((cells) => cells.length === heading.length).length
  return hints.includes('when') && hints.some((hint) => hint && creditHints.has(hint)) && 2 * whole > below.length
}

export const creditHints = new Set<HeadingHint>(['amount', 'charged', 'credited'])

/** A bare number has the form of a date too. */
const isDate = (cell: string): boolean => /\D/.test(cell) && readTime(cell, anyContext)?.date != null

/** The credit history of our own export first, then the table with the most records, then the largest one. */
export function bestFirst(tables: readonly SourceTable[]): SourceTable[] {
  const ranked = tables.map((table) => ({
    table,
    own: ownRoles(table.rows[0] ?? []) !== null,
    records: countRecords(table),
  }))
  ranked.sort(
    (a, b) => Number(b.own) - Number(a.own) || b.records - a.records || b.table.rows.length - a.table.rows.length,
  )
  return ranked.map(({ table }) => table)
}
