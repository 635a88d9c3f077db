import type { Agent } from '../../shared/values.ts'
import { jobCaseId } from '../domain/ledger.ts'
import type { DeletedJob, Job } from '../service/schemas.ts'
import type { Delivery } from './delivery.ts'
import { linkJob } from './linking.ts'
import { keepSettings, retryOriginals, wantNewOriginals } from './originals.ts'
import { allocateRowId } from './row-ids.ts'
import { indexSeconds, secondOf } from './search.ts'
import { scalar, statement } from './statement.ts'
import type { Writable } from './store.ts'

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
  touched: Set<number>
}

/**
 * Adds and updates jobs: the higher revision wins, an equal or lower one changes nothing. A late copy of a deleted job
 * still tells what it was, but does not bring it back. `listingEpoch` counts the stream's listings; only a listing proves
 * that an unchanged job is still there. Runs inside the caller's transaction.
 */
export function applyJobs(
  database: Writable,
  accountId: number,
  jobs: readonly (Job | DeletedJob)[],
  { listingEpoch, listing }: Delivery,
  now: number,
): AppliedJobs {
  const result: AppliedJobs = { added: 0, updated: 0, touched: new Set() }
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
  const { newSince } = keepSettings(database, accountId)
  const seconds = new Set<number>()
  for (const job of jobs) {
    const known = find.get(accountId, job.agent, job.id)
    if ('deleted' in job) {
      if (bury(database, accountId, job, known, now)) result.updated++
      continue
    }
    const buried = (tombstone.get(accountId, job.agent, job.id) as number | undefined) ?? 0
    const removedAt = buried >= Math.max(job.revision, known?.revision ?? 0) ? (known?.removed_at ?? now) : null
    if (!known) {
      const rowId = insertJob(database, accountId, job, listingEpoch, removedAt)
      seconds.add(secondOf(rowId))
      result.touched.add(jobCaseId(rowId))
      linkJob(database, accountId, job.id, result.touched)
      if (newSince !== null) wantNewOriginals(database, accountId, job, newSince)
      result.added++
    } else if (job.revision > known.revision) {
      updateJob(database, known, job, listingEpoch, removedAt)
      if (saysOtherwise(known, job)) seconds.add(secondOf(known.row_id))
      if (job.createdAt !== known.created_at) known.row_id = moveJob(database, known.row_id, job, seconds)
      result.touched.add(jobCaseId(known.row_id))
      retryOriginals(database, accountId, job)
      if (newSince !== null) wantNewOriginals(database, accountId, job, newSince)
      result.updated++
    } else if (listing && removedAt === null) {
      listed.run(listingEpoch, known.row_id)
      if (known.removed_at !== null) result.updated++
    }
  }
  indexSeconds(database, seconds)
  return result
}

/** A deletion is remembered by revision; what we have is kept and marked. Returns whether a job was marked. */
function bury(
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

function insertJob(
  database: Writable,
  accountId: number,
  job: Job,
  listingEpoch: number,
  removedAt: number | null,
): number {
  const rowId = allocateRowId(database, 'jobs', job.createdAt)
  statement<unknown[]>(
    database,
    `INSERT INTO jobs (row_id, account_id, agent, id, chat_id, chat_title, chat_url, kind, model, prompt, status,
       failure_code, failure_origin, failure_message, requested_results, result_count, created_at, started_at,
       finished_at, revision, listing_epoch, removed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    rowId,
    accountId,
    job.agent,
    job.id,
    job.chatId,
    job.chatTitle,
    job.chatUrl,
    job.kind,
    job.model,
    job.prompt,
    job.status,
    job.failure?.code ?? null,
    job.failure?.origin ?? null,
    job.failure?.message ?? null,
    job.requestedResults,
    job.results.length,
    job.createdAt,
    job.startedAt,
    job.finishedAt,
    job.revision,
    listingEpoch,
    removedAt,
  )
  insertResults(database, rowId, job)
  return rowId
}

function updateJob(
  database: Writable,
  known: KnownJob,
  job: Job,
  listingEpoch: number,
  removedAt: number | null,
): void {
  statement<unknown[]>(
    database,
    `UPDATE jobs SET chat_id = ?, chat_title = ?, chat_url = ?, kind = ?, model = ?, prompt = ?, status = ?,
       failure_code = ?, failure_origin = ?, failure_message = ?, requested_results = ?, result_count = ?,
       created_at = ?, started_at = ?, finished_at = ?, revision = ?, listing_epoch = ?, removed_at = ?
     WHERE row_id = ?`,
  ).run(
    job.chatId,
    job.chatTitle,
    job.chatUrl,
    job.kind,
    job.model,
    job.prompt,
    job.status,
    job.failure?.code ?? null,
    job.failure?.origin ?? null,
    job.failure?.message ?? null,
    job.requestedResults,
    job.results.length,
    job.createdAt,
    job.startedAt,
    job.finishedAt,
    job.revision,
    listingEpoch,
    removedAt,
    known.row_id,
  )
  statement<[number]>(database, 'DELETE FROM results WHERE job_row_id = ?').run(known.row_id)
  insertResults(database, known.row_id, job)
}

/** Whether a revision is found by other words. */
const saysOtherwise = (known: KnownJob, job: Job): boolean =>
  known.prompt !== job.prompt ||
  known.chat_title !== job.chatTitle ||
  known.model !== job.model ||
  known.kind !== job.kind

/** Row ids rise with time, so a job whose moment was corrected moves, and all that hangs on its row id with it. */
function moveJob(database: Writable, from: number, job: Job, seconds: Set<number>): number {
  const to = allocateRowId(database, 'jobs', job.createdAt)
  statement<[number, number]>(database, 'UPDATE jobs SET row_id = ? WHERE row_id = ?').run(to, from)
  seconds.add(secondOf(from)).add(secondOf(to))
  const cases = [jobCaseId(to), jobCaseId(from)] as [number, number]
  statement<[number, number]>(database, 'UPDATE refund_cases SET case_id = ? WHERE case_id = ?').run(...cases)
  statement<[number, number]>(database, 'UPDATE credit_transactions SET case_id = ? WHERE case_id = ?').run(...cases)
  return to
}

function insertResults(database: Writable, rowId: number, job: Job): void {
  const insert = statement<unknown[]>(
    database,
    `INSERT INTO results (job_row_id, position, result_id, mime_type, url, thumbnail_url, width, height, duration_ms,
       bytes, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const [position, result] of job.results.entries()) {
    insert.run(
      rowId,
      position,
      result.id,
      result.mimeType,
      result.url,
      result.thumbnailUrl,
      result.width,
      result.height,
      result.durationMs,
      result.bytes,
      result.sha256,
    )
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

/** Marks the jobs that the finished listing `listingEpoch` no longer returned. They are kept. */
export function markRemoved(
  database: Writable,
  accountId: number,
  agent: Agent,
  listingEpoch: number,
  now: number,
): number {
  return statement<[number, number, Agent, number]>(
    database,
    `UPDATE jobs SET removed_at = ? WHERE account_id = ? AND agent = ? AND listing_epoch < ? AND removed_at IS NULL`,
  ).run(now, accountId, agent, listingEpoch).changes
}
