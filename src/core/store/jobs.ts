import type { Agent } from '../../shared/values.ts'
import type { DeletedJob, Job } from '../service/schemas.ts'
import { type Changes, noChanges } from './changes.ts'
import { allocateRowId } from './row-ids.ts'
import { assignments, insertInto, scalar, statement } from './statement.ts'
import type { Writable } from './store.ts'
import type { Delivery } from './streams.ts'

interface KnownJob {
  row_id: number
  revision: number
  created_at: number
  removed_at: number | null
  kind: string
  model: string
  prompt: string
  chat_title: string | null
}

export interface AppliedJobs {
  added: number
  updated: number
  changes: Changes
}

/**
 * Adds and updates jobs: the higher revision wins, an equal or lower one changes nothing. A late copy of a deleted job
 * still tells what it was, but does not bring it back. `listingEpoch` counts the stream's snapshots; only a snapshot proves
 * that an unchanged job is still there. Runs inside the caller's transaction, which then applies the returned changes.
 */
export function applyJobs(
  database: Writable,
  accountId: number,
  jobs: readonly (Job | DeletedJob)[],
  { listingEpoch, listing }: Delivery,
  now: number,
): AppliedJobs {
  const changes = noChanges()
  const result: AppliedJobs = { added: 0, updated: 0, changes }
  const find = statement<[number, Agent, string], KnownJob>(
    database,
    `SELECT row_id, revision, created_at, removed_at, kind, model, prompt, chat_title FROM jobs WHERE account_id = ? AND agent = ? AND id = ?`,
  )
  const tombstone = scalar<[number, Agent, string], number>(
    database,
    'SELECT revision FROM job_tombstones WHERE account_id = ? AND agent = ? AND id = ?',
  )
  const listed = statement<[number, number]>(
    database,
    'UPDATE jobs SET listing_epoch = ?, removed_at = NULL WHERE row_id = ?',
  )
  for (const job of jobs) {
    const known = find.get(accountId, job.agent, job.id)
    if ('deleted' in job) {
      if (recordTombstone(database, accountId, job, known, now)) result.updated++
      continue
    }
    const deletedRevision = (tombstone.get(accountId, job.agent, job.id) as number | undefined) ?? 0
    const isDeleted = deletedRevision >= Math.max(job.revision, known?.revision ?? 0)
    const removedAt = isDeleted ? (known?.removed_at ?? now) : null
    if (!known) {
      const rowId = insertJob(database, accountId, job, listingEpoch, removedAt)
      changes.insertedJobs.set(rowId, { job, textChanged: true })
      result.added++
    } else if (job.revision > known.revision) {
      updateJob(database, known, job, listingEpoch, removedAt)
      const rowId = job.createdAt === known.created_at ? known.row_id : moveJob(database, known.row_id, job, changes)
      const change = { job, textChanged: indexedTextChanged(known, job) }
      if (changes.insertedJobs.has(rowId)) changes.insertedJobs.set(rowId, change)
      else changes.updatedJobs.set(rowId, change)
      result.updated++
    } else if (listing && removedAt === null) {
      listed.run(listingEpoch, known.row_id)
      if (known.removed_at !== null) result.updated++
    }
  }
  return result
}

/** Remembers a deletion by its revision; a job that we have is kept, as removed. Returns whether a job was removed. */
function recordTombstone(
  database: Writable,
  accountId: number,
  job: DeletedJob,
  known: KnownJob | undefined,
  now: number,
): boolean {
  if (known && job.revision <= known.revision) return false
  statement<[number, string, string, number]>(
    database,
    `INSERT INTO job_tombstones (account_id, agent, id, revision) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = max(revision, excluded.revision)`,
  ).run(accountId, job.agent, job.id, job.revision)
  if (!known || known.removed_at !== null) return false
  statement<[number, number]>(database, 'UPDATE jobs SET removed_at = ? WHERE row_id = ?').run(now, known.row_id)
  return true
}

/** The columns that a new revision replaces. */
const revisedColumns = [
  'chat_id',
  'chat_title',
  'chat_url',
  'kind',
  'model',
  'prompt',
  'status',
  'failure_code',
  'failure_origin',
  'failure_message',
  'requested_results',
  'result_count',
  'created_at',
  'started_at',
  'finished_at',
  'revision',
  'listing_epoch',
  'removed_at',
] as const
const insertJobSql = insertInto('jobs', ['row_id', 'account_id', 'agent', 'id', ...revisedColumns])
const updateJobSql = `UPDATE jobs SET ${assignments(revisedColumns)} WHERE row_id = @row_id`

type Row = Record<string, string | number | null>

const revisedValues = (
  job: Job,
  listingEpoch: number,
  removedAt: number | null,
): Record<(typeof revisedColumns)[number], string | number | null> => ({
  chat_id: job.chatId,
  chat_title: job.chatTitle,
  chat_url: job.chatUrl,
  kind: job.kind,
  model: job.model,
  prompt: job.prompt,
  status: job.status,
  failure_code: job.failure?.code ?? null,
  failure_origin: job.failure?.origin ?? null,
  failure_message: job.failure?.message ?? null,
  requested_results: job.requestedResults,
  result_count: job.results.length,
  created_at: job.createdAt,
  started_at: job.startedAt,
  finished_at: job.finishedAt,
  revision: job.revision,
  listing_epoch: listingEpoch,
  removed_at: removedAt,
})

function insertJob(
  database: Writable,
  accountId: number,
  job: Job,
  listingEpoch: number,
  removedAt: number | null,
): number {
  const rowId = allocateRowId(database, 'jobs', job.createdAt)
  const key = { row_id: rowId, account_id: accountId, agent: job.agent, id: job.id }
  statement<[Row]>(database, insertJobSql).run({ ...revisedValues(job, listingEpoch, removedAt), ...key })
  insertResults(database, rowId, job)
  return rowId
}

function updateJob(
  database: Writable,
  { row_id: rowId }: KnownJob,
  job: Job,
  listingEpoch: number,
  removedAt: number | null,
): void {
  statement<[Row]>(database, updateJobSql).run({ ...revisedValues(job, listingEpoch, removedAt), row_id: rowId })
  statement<[number]>(database, 'DELETE FROM results WHERE job_row_id = ?').run(rowId)
  insertResults(database, rowId, job)
}

/** Whether the new revision changes any text that the search index holds. */
const indexedTextChanged = (known: KnownJob, job: Job): boolean =>
  known.prompt !== job.prompt ||
  known.chat_title !== job.chatTitle ||
  known.model !== job.model ||
  known.kind !== job.kind

/** Gives a job whose time of creation was corrected a new row id, because row ids rise with time. Returns that id. */
function moveJob(
  database: Writable,
  from: number,
  job: Job,
  { insertedJobs, updatedJobs, movedJobs }: Changes,
): number {
  const to = allocateRowId(database, 'jobs', job.createdAt)
  statement<[number, number]>(database, 'UPDATE jobs SET row_id = ? WHERE row_id = ?').run(to, from)
  movedJobs.push({ from, to })
  // The same page may have inserted or updated the job before it moved it.
  for (const changed of [insertedJobs, updatedJobs]) {
    const change = changed.get(from)
    if (change) changed.set(to, change)
    changed.delete(from)
  }
  return to
}

const insertResultSql = insertInto('results', [
  'job_row_id',
  'position',
  'result_id',
  'mime_type',
  'url',
  'thumbnail_url',
  'width',
  'height',
  'duration_ms',
  'bytes',
  'sha256',
])

function insertResults(database: Writable, rowId: number, job: Job): void {
  const insert = statement<[Row]>(database, insertResultSql)
  for (const [position, result] of job.results.entries()) {
    insert.run({
      job_row_id: rowId,
      position,
      result_id: result.id,
      mime_type: result.mimeType,
      url: result.url,
      thumbnail_url: result.thumbnailUrl,
      width: result.width,
      height: result.height,
      duration_ms: result.durationMs,
      bytes: result.bytes,
      sha256: result.sha256,
    })
  }
}

/** The listing `listingEpoch` returned this job, although in a form that cannot be read. */
export function keepJobListed(
  database: Writable,
  accountId: number,
  agent: Agent,
  id: string,
  listingEpoch: number,
): void {
  statement<[number, number, Agent, string]>(
    database,
    'UPDATE jobs SET listing_epoch = ? WHERE account_id = ? AND agent = ? AND id = ?',
  ).run(listingEpoch, accountId, agent, id)
}

/**
 * Marks the jobs that the finished snapshot `listingEpoch` no longer returned although it returned older ones. They are kept.
 * Jobs older than the oldest listed one stay unmarked: the service lists its history from a later time on.
 */
export function markRemoved(
  database: Writable,
  accountId: number,
  agent: Agent,
  listingEpoch: number,
  now: number,
): { updated: number; cases: number[]; listedFrom: number | null } {
  const values = { accountId, agent, listingEpoch, now }
  const oldest = scalar<[typeof values], number>(
    database,
    `SELECT created_at FROM jobs WHERE account_id = @accountId AND agent = @agent AND listing_epoch = @listingEpoch
     ORDER BY row_id LIMIT 1`,
  ).get(values) as number | undefined
  if (oldest === undefined) return { updated: 0, cases: [], listedFrom: null }
  const updated = statement<[object]>(
    database,
    `UPDATE jobs SET removed_at = @now WHERE account_id = @accountId AND agent = @agent AND listing_epoch < @listingEpoch
       AND removed_at IS NULL AND created_at > @oldest`,
  ).run({ ...values, oldest }).changes
  const olderRemain = scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM jobs WHERE account_id = @accountId AND agent = @agent AND removed_at IS NULL
       AND listing_epoch < @listingEpoch)`,
  ).get(values)
  return { updated, cases: [], listedFrom: olderRemain ? oldest : null }
}
