/**
 * Shared by the queries and the projection of totals per period. It imports no other projection, because those read the totals.
 */
import type { Readable } from '../handles.ts'
import { isWhole } from './slices.ts'

/** The projection of the totals of days and quarter hours. Raise the version whenever their content changes. */
export const periodTotalsVersion = { name: 'period_totals', version: 2 } as const

/** Whether the totals of days and quarter hours are whole. While they are rebuilt, sums must be read from the records. */
export const arePeriodTotalsWhole = (database: Readable): boolean => isWhole(database, periodTotalsVersion)

/** The entry of a map, which is made if it is new. */
export function entryOf<Key, Value>(entries: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = entries.get(key) ?? make()
  entries.set(key, found)
  return found
}

/** The row that a trigger reads. */
export type Row = 'new' | 'old'

/** SQL for the distinct values of the first column of a table's key. Jumps from each to the next, without a scan. */
export const distinct = (table: string, column: string): string => `WITH RECURSIVE found (value) AS (
    SELECT min(${column}) FROM ${table}
    UNION ALL SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > value) FROM found WHERE value IS NOT NULL)
  SELECT value FROM found`

/** The range of periods, end exclusive, of row ids from `from` to below `before`; unlimited at the ends of the history. */
export const periodsOf = (from: number, before: number, periodOf: (rowId: number) => number): [number, number] => [
  from === 0 ? Number.MIN_SAFE_INTEGER : periodOf(from),
  before === Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : periodOf(before),
]
