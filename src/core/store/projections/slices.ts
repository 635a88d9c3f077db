/** The bounded slices of a rebuild, in `jobs`, `credit_transactions` and `refund_cases`. */
import { jobCaseId, rowIdOfCase } from '../../domain/ledger.ts'
import type { Readable } from '../handles.ts'
import { scalar } from '../statement.ts'

/** Whether the stored content of a projection is that of this version, and no rebuild of it is in progress. */
export const isWhole = (database: Readable, { name, version }: { name: string; version: number }): boolean =>
  scalar<[string, number], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM projections WHERE name = ? AND version = ? AND position IS NULL)',
  ).get(name, version) === 1

/** The position at which every rebuild begins: before the newest record. */
export const newest = Number.MAX_SAFE_INTEGER

/** The row id at which a slice of `rows` rows below `before` begins; 0 if fewer rows are left. */
export function sliceStart(
  database: Readable,
  table: 'jobs' | 'credit_transactions' | 'refund_cases',
  before: number,
  rows: number,
): number {
  const sql = `SELECT rowid FROM ${table} WHERE rowid < ? ORDER BY rowid DESC LIMIT 1 OFFSET ?`
  return scalar<[number, number], number>(database, sql).get(before, rows - 1) ?? 0
}

/** The start of a slice with at most `rows` jobs, ledger rows and cases each, as a row id of jobs and ledger rows. */
export const recordSliceStart = (database: Readable, before: number, rows: number): number =>
  Math.max(
    sliceStart(database, 'jobs', before, rows),
    sliceStart(database, 'credit_transactions', before, rows),
    rowIdOfCase(sliceStart(database, 'refund_cases', caseIdBelow(before), rows)),
  )

/** The case id below which the cases of the row ids below `before` lie; safe for the first slice, too. */
export const caseIdBelow = (before: number): number => Math.min(jobCaseId(before), Number.MAX_SAFE_INTEGER)

/**
 * The number of records of the streams whose names match, from their counters: counting the tables would read all of them.
 */
export const recordCount = (database: Readable, streams: '*' | 'jobs:*' | 'credits'): number =>
  scalar<[string], number>(
    database,
    `SELECT coalesce(sum(records), 0) FROM sync_streams WHERE stream GLOB ? AND stream <> 'account'`,
  ).get(streams) ?? 0
