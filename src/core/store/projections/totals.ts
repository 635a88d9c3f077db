/**
 * The projections of totals: sums of cases and ledger rows per day, hour and facet. Triggers apply every change in its
 * transaction. This file owns the triggers; schema/derived.ts asserts them at every open.
 */
import { beginningOf, hourMs, koreanDayOf } from '../../domain/days.ts'
import { firstRowId, jobCaseId, timeOfRowId } from '../../domain/ledger.ts'
import type { Writable } from '../handles.ts'
import { hourOfRow, koreanDayOfCase } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import type { Projection } from './definition.ts'
import { caseIdBelow, recordCount, recordSliceStart } from './slices.ts'

type Row = 'new' | 'old'

/** Adds a case to the totals of its facet and day, or takes it away again. */
const countCase = (row: Row, sign: '+' | '-') => `
  UPDATE case_facets SET cases = cases ${sign} 1, charged = charged ${sign} ${row}.charged,
    refunded = refunded ${sign} ${row}.refunded WHERE facet_id = ${row}.facet_id;
  INSERT INTO case_daily_totals (facet_id, day, cases, charged, refunded)
  VALUES (${row}.facet_id, ${koreanDayOfCase(`${row}.case_id`)}, ${sign}1, ${sign}${row}.charged, ${sign}${row}.refunded)
  ON CONFLICT (facet_id, day) DO UPDATE SET cases = cases + excluded.cases, charged = charged + excluded.charged,
    refunded = refunded + excluded.refunded;`

const countRow = (row: Row, sign: '+' | '-') =>
  `UPDATE ledger_facets SET rows = rows ${sign} 1 WHERE facet_id = ${row}.facet_id;`

const addToBalance = (row: Row, sign: '+' | '-') => `
  INSERT INTO balance_hourly (account_id, hour, amount)
  VALUES (${row}.account_id, ${hourOfRow(`${row}.row_id`)}, ${sign}${row}.amount)
  ON CONFLICT (account_id, hour) DO UPDATE SET amount = amount + excluded.amount;`

/** The triggers by name, without `CREATE TRIGGER`. */
export const totalTriggers: Readonly<Record<string, string>> = {
  ledger_row_added: `AFTER INSERT ON credit_transactions BEGIN ${countRow('new', '+')} END`,
  listed_row_added: `AFTER INSERT ON credit_transactions WHEN new.retracted_at IS NULL BEGIN
    ${addToBalance('new', '+')} END`,
  ledger_row_removed: `AFTER DELETE ON credit_transactions BEGIN ${countRow('old', '-')} END`,
  listed_row_removed: `AFTER DELETE ON credit_transactions WHEN old.retracted_at IS NULL BEGIN
    ${addToBalance('old', '-')} END`,
  ledger_row_refaceted: `AFTER UPDATE OF facet_id ON credit_transactions BEGIN
    ${countRow('old', '-')} ${countRow('new', '+')} END`,
  ledger_row_retracted: `AFTER UPDATE OF retracted_at ON credit_transactions
    WHEN old.retracted_at IS NULL AND new.retracted_at IS NOT NULL BEGIN ${addToBalance('new', '-')} END`,
  ledger_row_relisted: `AFTER UPDATE OF retracted_at ON credit_transactions
    WHEN old.retracted_at IS NOT NULL AND new.retracted_at IS NULL BEGIN ${addToBalance('new', '+')} END`,
  case_added: `AFTER INSERT ON refund_cases BEGIN ${countCase('new', '+')} END`,
  case_removed: `AFTER DELETE ON refund_cases BEGIN ${countCase('old', '-')} END`,
  case_changed: `AFTER UPDATE OF case_id, facet_id, charged, refunded ON refund_cases BEGIN
    ${countCase('old', '-')} ${countCase('new', '+')} END`,
}

/** Records of one slice, which whole days round up. */
const sliceRows = 2_000

/** The totals of days (`case_daily_totals`) and hours (`balance_hourly`), rebuilt in whole days of Korea. */
export const periodTotals: Projection = {
  name: 'period_totals',
  version: 1,
  apply: null,
  rebuild(database, before) {
    const start = recordSliceStart(database, before, sliceRows)
    const day = start === 0 ? null : koreanDayOf(timeOfRowId(start))
    const from = day === null ? 0 : firstRowId(beginningOf(day))
    sumDays(database, from, before)
    const rows = sumHours(database, from, before)
    return { next: day === null ? null : from, rows, changed: 0 }
  },
  total: (database) => recordCount(database, 'credits'),
}

/** The different values of the first column of a table's key: a jump from each to the next, and no scan. */
const distinct = (table: string, column: string): string => `WITH RECURSIVE found (value) AS (
    SELECT min(${column}) FROM ${table}
    UNION ALL SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > value) FROM found WHERE value IS NOT NULL)
  SELECT value FROM found`

function sumDays(database: Writable, from: number, before: number): void {
  const cases = [jobCaseId(from), caseIdBelow(before)] as const
  const firstDay = from === 0 ? Number.MIN_SAFE_INTEGER : koreanDayOf(timeOfRowId(from))
  statement<[number, number]>(
    database,
    `DELETE FROM case_daily_totals
     WHERE facet_id IN (${distinct('case_daily_totals', 'facet_id')}) AND day >= ? AND day < ?`,
  ).run(firstDay, before === Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : koreanDayOf(timeOfRowId(before)))
  statement<[number, number]>(
    database,
    `INSERT INTO case_daily_totals (facet_id, day, cases, charged, refunded)
     SELECT facet_id, ${koreanDayOfCase('case_id')}, count(*), sum(charged), sum(refunded) FROM refund_cases
     WHERE case_id >= ? AND case_id < ? GROUP BY 1, 2`,
  ).run(...cases)
}

/** Returns how many ledger rows it read. */
function sumHours(database: Writable, from: number, before: number): number {
  const hour = (rowId: number) => Math.floor(timeOfRowId(rowId) / hourMs)
  statement<[number, number]>(
    database,
    `DELETE FROM balance_hourly
     WHERE account_id IN (${distinct('balance_hourly', 'account_id')}) AND hour >= ? AND hour < ?`,
  ).run(
    from === 0 ? Number.MIN_SAFE_INTEGER : hour(from),
    before === Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : hour(before),
  )
  statement<[number, number]>(
    database,
    `INSERT INTO balance_hourly (account_id, hour, amount)
     SELECT account_id, ${hourOfRow('row_id')}, sum(amount) FROM credit_transactions
     WHERE row_id >= ? AND row_id < ? AND retracted_at IS NULL GROUP BY 1, 2`,
  ).run(from, before)
  const count = 'SELECT count(*) FROM credit_transactions WHERE row_id >= ? AND row_id < ?'
  return scalar<[number, number], number>(database, count).get(from, before) ?? 0
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
