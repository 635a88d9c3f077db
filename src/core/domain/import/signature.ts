import type { SourceTable } from '../../../shared/imports.ts'
import { findHeading } from './heading-row.ts'
import { profilesOf, sampleOf } from './profile.ts'
import { normal } from './written-times.ts'

/**
 * The form of a table, equal for every table of the same source, whatever its rows and the notices above its heading:
 * its headings, else the forms of its columns. `now` and `zone` as for `understand`.
 */
export function signatureOf(table: SourceTable, { now, zone }: { now: number; zone: string }): string {
  const context = { now, zone, dateOrder: 'year_first' as const }
  const { row } = findHeading(table.rows, context)
  if (row !== null) return JSON.stringify((table.rows[row] ?? []).map(normal))
  const rows = sampleOf(table.rows.filter((cells) => cells.length > 1))
  const width = Math.max(0, ...rows.map((cells) => cells.length))
  const forms = profilesOf(rows, width, context).map(({ filled, times, days, clocks, amounts, words }) => {
    const most = Math.max(times, days, clocks, amounts, words)
    if (filled === 0) return 'empty'
    return most === times
      ? 'time'
      : most === days
        ? 'day'
        : most === clocks
          ? 'clock'
          : most === amounts
            ? 'amount'
            : 'words'
  })
  return `forms:${forms.join()}`
}
