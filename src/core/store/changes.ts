/**
 * Shared by the writes of `jobs` and `credit_transactions`: row ids, and the changes that they report to the
 * projections (projections/projection.ts).
 */
import { firstImportedRowId, firstRowId } from '../domain/ledger.ts'
import type { Job } from '../service/schemas.ts'
import type { Readable } from './handles.ts'
import type { LinkChanges, LinkRow } from './linking.ts'
import { scalar } from './statement.ts'

/** The next free row id for a record of this time. Row ids rise with time, so lists need no sorting. */
export function allocateRowId(database: Readable, table: 'jobs' | 'credit_transactions', time: number): number {
  const sql = `SELECT max(row_id) FROM ${table} WHERE row_id >= ? AND row_id < ?`
  const taken = scalar<[number, number], number | null>(database, sql)
  for (let millisecond = time; ; millisecond++) {
    const end = firstImportedRowId(millisecond)
    const last = taken.get(firstRowId(millisecond), end) as number | null
    if (last === null) return firstRowId(millisecond)
    if (last + 1 < end) return last + 1
  }
}

export interface ChangedJob {
  job: Job
  /** Whether a text that the search index holds is new. */
  textChanged: boolean
}

export interface Changes extends LinkChanges {
  /** New jobs and new revisions, by the row id that they have now. */
  insertedJobs: Map<number, ChangedJob>
  updatedJobs: Map<number, ChangedJob>
  /** Jobs whose time of creation was corrected, in the order of the moves: row ids rise with time. */
  movedJobs: { from: number; to: number }[]
  /** New rows of the kinds that may count in a case, which are still to be linked. */
  insertedCredits: LinkRow[]
  /** Amounts of refunds without ids that were retracted or listed again. */
  unnamedRefunds: Set<number>
  /** Refunds without ids that are not stored any more, because their import was undone; times in epoch ms. */
  removedRefunds: { amount: number; at: number }[]
  /** Contents of folders (SHA-256) whose jobs may have changed, and the row ids of the jobs that did. */
  contents: Set<string>
  folderJobs: Set<number>
  /** Days in Korea to which the service added ledger rows, and those whose imports changed. */
  ledgerDays: Set<number>
  importedDays: Set<number>
  /** Imported rows that are another ledger row now: the id before, and the id now. */
  renamedCredits: Map<string, string>
}

export const noChanges = (): Changes => ({
  insertedJobs: new Map(),
  updatedJobs: new Map(),
  movedJobs: [],
  insertedCredits: [],
  relinkedCredits: [],
  cases: new Set(),
  unnamedRefunds: new Set(),
  removedRefunds: [],
  contents: new Set(),
  folderJobs: new Set(),
  ledgerDays: new Set(),
  importedDays: new Set(),
  renamedCredits: new Map(),
})
