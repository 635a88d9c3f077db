import type { SourceTable } from '../../../shared/imports.ts'
import { findHeading } from '../../domain/import/heading-row.ts'
import { normal } from '../../domain/import/written-times.ts'
import { anyContext, countRecords } from './rank.ts'

/**
 * Adds a joined table before tables with the same headings, such as a sheet per month. A row that several of them have is joined
 * as often as the table with the most has it, because one sheet may contain the others.
 */
export function withJoined(tables: readonly SourceTable[]): SourceTable[] {
  const joined = [...Map.groupBy(tables, headingOf)].flatMap(([heading, parts]) =>
    heading !== null && parts.length > 1 ? [joinedTable(parts)] : [],
  )
  return [...joined, ...tables]
}

/** The headings of a table with records; null if it has none. */
export function headingOf(table: SourceTable): string | null {
  const { row, because } = findHeading(table.rows, anyContext)
  if (row === null || because !== 'headings_known' || countRecords(table) === 0) return null
  return JSON.stringify((table.rows[row] ?? []).map(normal))
}

function joinedTable(parts: readonly SourceTable[]): SourceTable {
  const table: SourceTable = { name: parts.flatMap(({ name }) => name || []).join(' + '), rows: [], origins: [] }
  const most = new Map<string, number>()
  for (const { rows, origins } of parts) {
    const seen = new Map<string, number>()
    for (const [index, cells] of rows.entries()) {
      const key = JSON.stringify(cells)
      const count = (seen.get(key) ?? 0) + 1
      seen.set(key, count)
      if (count <= (most.get(key) ?? 0)) continue
      most.set(key, count)
      table.rows.push(cells)
      table.origins.push(origins[index] ?? index + 1)
    }
  }
  return table
}
