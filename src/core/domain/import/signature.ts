import type { SourceTable } from '../../../shared/imports.ts'
import { findHeading } from './heading-row.ts'
import { profilesOf, sampleOf } from './profile.ts'
import { normal } from './written-times.ts'

/**
 * The signature by which the reading of a table is remembered: its headings, else the forms of its columns. Tables of one
 * source have one signature, whatever their rows and notices. `now` and `zone` are those of `understand`.
 */
export function signatureOf(table: SourceTable, { now, zone }: { now: number; zone: string }): string {
  const context = { now, zone, dateOrder: 'year_first' as const }
  const { row } = findHeading(table.rows, context)
  if (row !== null) return JSON.stringify((table.rows[row] ?? []).map(normal))
  const rows = sampleOf(table.rows.filter((cells) => cells.length > 1))
  const width = Math.max(0, ...rows.map((cells) => cells.length))
  const forms = profilesOf(rows, width, context).map(({ filled, times, days, clocks, amounts, words }) => {
    const counts = { time: times, day: days, clock: clocks, amount: amounts, words }
    const most = Math.max(...Object.values(counts))
    return filled === 0 ? 'empty' : Object.entries(counts).find(([, count]) => count === most)?.[0]
  })
  return `forms:${forms.join()}`
}
