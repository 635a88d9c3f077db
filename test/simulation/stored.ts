/** The stored records of the product, read with few queries of its own. */
import { caseNameOf } from '../../src/core/store/cases/case-queries.ts'
import type { Readable } from '../../src/core/store/handles.ts'
import type { CaseRow } from '../../src/core/store/schema/views.ts'
import { scalar, statement } from '../../src/core/store/statement.ts'
import type { Agent, RecordStream } from '../../src/shared/values.ts'

export type StoredCase = Pick<
  CaseRow,
  | 'caseId'
  | 'agent'
  | 'jobId'
  | 'chargeId'
  | 'kind'
  | 'refundStatus'
  | 'reason'
  | 'charged'
  | 'refunded'
  | 'since'
  | 'jobStatus'
  | 'resultCount'
  | 'failureOrigin'
> & { name: string }

export const storedCases = (database: Readable): StoredCase[] =>
  statement<[], Omit<StoredCase, 'name'>>(
    database,
    `SELECT caseId, agent, jobId, chargeId, kind, refundStatus, reason, charged, refunded, since, jobStatus, resultCount,
       failureOrigin FROM v_cases`,
  )
    .all()
    .map((row) => ({ ...row, name: caseNameOf({ ...row, caseAgent: row.agent }) ?? `case ${row.caseId}` }))

export interface StoredRow {
  id: string
  kind: string
  amount: number
  occurredAt: number
  balanceAfter: number | null
  retractedAt: number | null
  caseId: number | null
}

export const storedRows = (database: Readable): StoredRow[] =>
  statement<[], StoredRow>(
    database,
    `SELECT id, kind, amount, occurred_at AS occurredAt, balance_after AS balanceAfter, retracted_at AS retractedAt,
       case_id AS caseId FROM credit_transactions ORDER BY row_id`,
  ).all()

export interface StoredJob {
  agent: Agent
  id: string
  revision: number
  status: string
  resultCount: number
  createdAt: number
  finishedAt: number | null
  removedAt: number | null
}

export const storedJobs = (database: Readable): StoredJob[] =>
  statement<[], StoredJob>(
    database,
    `SELECT agent, id, revision, status, result_count AS resultCount, created_at AS createdAt,
       finished_at AS finishedAt, removed_at AS removedAt FROM jobs`,
  ).all()

export interface StoredStream {
  stream: RecordStream
  phase: string
  cursor: string | null
  lastSuccessAt: number | null
}

export const storedStreams = (database: Readable): StoredStream[] =>
  statement<[], StoredStream>(
    database,
    `SELECT stream, phase, cursor, last_success_at AS lastSuccessAt FROM sync_streams WHERE stream <> 'account'`,
  ).all()

/** The jobs that were deleted, as far as the service said so, and the revision of the deletion. */
export const storedTombstones = (database: Readable): { name: string; revision: number }[] =>
  statement<[], { name: string; revision: number }>(
    database,
    `SELECT 'job:' || agent || ':' || id AS name, revision FROM job_tombstones`,
  ).all()

/** The ids of the records of a stream that arrived and could not be read. */
export const storedQuarantine = (database: Readable, stream: RecordStream): string[] =>
  scalar<[RecordStream], string>(database, 'SELECT record FROM quarantined_records WHERE stream = ?').all(stream)
