/** Row ids for new records. They rise with time, so lists need no sorting. */
import { firstImportedRowId, firstRowId, isImportedRowId, timeOfRowId } from '../domain/ledger.ts'
import type { Readable } from './handles.ts'
import { scalar, statement } from './statement.ts'

/**
 * Returns a function that allocates the next free row id of a time (epoch ms). The taken ids of `times` are read at once. Use it
 * for one transaction only, and for all new rows of the table. The ids that rows of this transaction have left (`freed`) stay
 * taken: what still refers to them moves with those rows at the end of the transaction.
 */
export function rowIdAllocator(
  database: Readable,
  table: 'jobs' | 'credit_transactions',
  times: readonly number[],
  freed: readonly number[] = [],
): (time: number) => number {
  const lastBetween = (from: string, below: string) =>
    `SELECT max(row_id) FROM ${table} WHERE row_id >= ${from} AND row_id < ${below}`
  const [first, below] = [`i.value * ${firstRowId(1)}`, `i.value * ${firstRowId(1)} + ${firstImportedRowId(0)}`]
  const known = statement<[string], { time: number; last: number | null }>(
    database,
    `SELECT i.value AS time, (${lastBetween(first, below)}) AS last FROM json_each(?) i`,
  ).all(JSON.stringify([...new Set(times)]))
  const lasts = new Map(known.map(({ time, last }) => [time, last]))
  const findLast = scalar<[number, number], number | null>(database, lastBetween('?', '?'))
  const lastOf = (time: number) =>
    lasts.has(time) ? lasts.get(time) : findLast.get(firstRowId(time), firstImportedRowId(time))
  for (const rowId of freed) {
    if (isImportedRowId(rowId)) continue
    const time = timeOfRowId(rowId)
    lasts.set(time, Math.max(lastOf(time) ?? 0, rowId))
  }
  return (wanted) => {
    for (let time = wanted; ; time++) {
      const end = firstImportedRowId(time)
      const last = lastOf(time)
      const rowId = last == null ? firstRowId(time) : last + 1
      if (rowId === end) continue
      lasts.set(time, rowId)
      return rowId
    }
  }
}
