import { firstRowId } from '../domain/ledger.ts'
import { scalar } from './statement.ts'
import type { Readable } from './store.ts'

/** The next free row id for a record of the moment `time`: row ids rise with time, so lists need no sorting. */
export function allocateRowId(database: Readable, table: 'jobs' | 'credit_transactions', time: number): number {
  const sql = `SELECT max(row_id) FROM ${table} WHERE row_id >= ? AND row_id < ?`
  const taken = scalar<[number, number], number | null>(database, sql)
  for (let millisecond = time; ; millisecond++) {
    const last = taken.get(firstRowId(millisecond), firstRowId(millisecond + 1)) as number | null
    if (last === null) return firstRowId(millisecond)
    if (last + 1 < firstRowId(millisecond + 1)) return last + 1
  }
}
