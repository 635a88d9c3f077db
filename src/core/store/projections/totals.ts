/**
 * The projections of totals: sums of cases and ledger rows per day, quarter hour and facet. Triggers apply every change in
 * its transaction. This file owns the triggers; schema/derived.ts asserts them at every open.
 */
import { beginningOf, koreanDayOf } from '../../domain/days.ts'
import { firstRowId, timeOfRowId } from '../../domain/ledger.ts'
import { scalar, statement } from '../statement.ts'
import { caseTriggers, rebuildCaseTotals } from './case-totals.ts'
import type { Projection } from './definition.ts'
import { ledgerTriggers, rebuildLedgerTotals } from './ledger-totals.ts'
import { periodTotalsVersion } from './periods.ts'
import { recordCount, recordSliceStart } from './slices.ts'

/** The triggers by name, without `CREATE TRIGGER`. */
export const totalTriggers: Readonly<Record<string, string>> = { ...ledgerTriggers, ...caseTriggers }

/** Records of one slice, which whole days round up. */
const sliceRows = 2_000

/**
 * The totals of days (`case_daily_totals`, `job_daily_totals`, `ledger_daily_totals`) and of quarter hours
 * (`ledger_quarter_hours`), rebuilt in whole days of Korea.
 */
export const periodTotals: Projection = {
  ...periodTotalsVersion,
  apply: null,
  rebuild(database, before) {
    const start = recordSliceStart(database, before, sliceRows)
    const day = start === 0 ? null : koreanDayOf(timeOfRowId(start))
    const from = day === null ? 0 : firstRowId(beginningOf(day))
    rebuildCaseTotals(database, from, before)
    const rows = rebuildLedgerTotals(database, from, before)
    return { next: day === null ? null : from, rows, changed: 0 }
  },
  total: (database) => recordCount(database, 'credits'),
}

/** Facets of one slice. */
const sliceFacets = 20

/** The totals in `case_facets`, which the days add up to, and the row counts in `ledger_facets`. */
export const facetTotals: Projection = {
  name: 'facet_totals',
  version: 1,
  apply: null,
  rebuild(database, before) {
    const nextFacet = (table: string) =>
      scalar<[number, number], number>(
        database,
        `SELECT facet_id FROM ${table} WHERE facet_id < ? ORDER BY facet_id DESC LIMIT 1 OFFSET ?`,
      ).get(before, sliceFacets - 1) ?? 0
    const from = Math.max(nextFacet('case_facets'), nextFacet('ledger_facets'))
    const totals = statement<[number, number]>(
      database,
      `UPDATE case_facets SET (cases, charged, refunded) = (
         SELECT coalesce(sum(d.cases), 0), coalesce(sum(d.charged), 0), coalesce(sum(d.refunded), 0)
         FROM case_daily_totals d WHERE d.facet_id = case_facets.facet_id)
       WHERE facet_id >= ? AND facet_id < ?`,
    ).run(from, before)
    const counts = statement<[number, number]>(
      database,
      `UPDATE ledger_facets SET rows = (
         SELECT count(*) FROM credit_transactions t WHERE t.facet_id = ledger_facets.facet_id)
       WHERE facet_id >= ? AND facet_id < ?`,
    ).run(from, before)
    return { next: from === 0 ? null : from, rows: totals.changes + counts.changes, changed: 0 }
  },
  total: (database) =>
    scalar<[], number>(
      database,
      'SELECT (SELECT count(*) FROM case_facets) + (SELECT count(*) FROM ledger_facets)',
    ).get() ?? 0,
}
