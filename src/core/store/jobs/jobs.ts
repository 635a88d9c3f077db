/** Writes of the tables `jobs` and `results`. */
import type { Agent } from '../../../shared/values.ts'
import type { ListBeginning } from '../../domain/shortenings.ts'
import type { DeletedJob, Job } from '../../service/schemas.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { contentsOfJob } from '../imports/listed-files.ts'
import { rowIdAllocator } from '../row-ids.ts'
import { isFromService } from '../schema/views.ts'
import { assignments, rowInserter, scalar, statement } from '../statement.ts'
import type { Delivery, Unlisted } from '../streams.ts'
import { addressPacker, type PackAddress } from './addresses.ts'
import { type KnownJob, storedJobs } from './stored-jobs.ts'
import { addUnreadDeletions, forgetUnreadDeletion, recordDeletion } from './tombstones.ts'

export interface AppliedJobs {
  added: number
  updated: number
  /** Known jobs that this snapshot had not listed before. */
  listed: number
  /** When the oldest job was created that changed, but that no snapshot had listed (epoch ms); null without any. */
  oldestUnlisted: number | null
}

/**
 * Adds and updates jobs: a higher revision wins, and any takes the place of an imported job; only a snapshot proves that an unchanged job is still listed. Runs
 * inside the caller's transaction, which then applies `changes`.
 */
export function applyJobs(
  database: Writable,
  accountId: number,
  jobs: readonly (Job | DeletedJob)[],
  { listingEpoch, listing }: Delivery,
  now: number,
  changes: Changes,
): AppliedJobs {
  const result: AppliedJobs = { added: 0, updated: 0, listed: 0, oldestUnlisted: null }
  const stored = storedJobs(database, accountId, jobs)
  const rowIdOf = rowIdAllocator(
    database,
    'jobs',
    jobs.flatMap((job) => ('deleted' in job ? [] : [job.createdAt])),
    changes.movedJobs.map(({ from }) => from),
  )
  const writer = jobWriter(database, accountId)
  const listed = statement<[number, number]>(
    database,
    'UPDATE jobs SET listing_epoch = ?, removed_at = NULL WHERE row_id = ?',
  )
  const deletedUnread = new Set<Agent>()
  for (const job of jobs) {
    const { known, deletedRevision } = stored(job)
    const isImported = known !== undefined && known.listingEpoch < 0
    if ('deleted' in job) {
      if (recordDeletion(database, accountId, job, known, now, changes)) result.updated++
      if (!known) deletedUnread.add(job.agent)
      continue
    }
    const isDeleted = deletedRevision >= Math.max(job.revision, (isImported ? null : known?.revision) ?? 0)
    const removedAt = isDeleted ? (known?.removedAt ?? now) : null
    // The first revision of a job is new: the service may have shown it late.
    if ((!known || isImported) && !listing && removedAt === null && job.revision > 1) {
      result.oldestUnlisted = Math.min(result.oldestUnlisted ?? job.createdAt, job.createdAt)
    }
    if (!known) {
      if (deletedRevision > 0) forgetUnreadDeletion(database, accountId, job, changes)
      const seen = { listingEpoch, removedAt, endSeenAt: endSeenAt(job, null, now) }
      const rowId = rowIdOf(job.createdAt)
      writer.insert(rowId, job, seen)
      changes.insertedJobs.set(rowId, { job, textChanged: true, factsChanged: true })
      result.added++
    } else if (isImported || job.revision > known.revision) {
      for (const sha256 of contentsOfJob(database, accountId, known.rowId)) changes.contents.add(sha256)
      const seen = { listingEpoch, removedAt, endSeenAt: endSeenAt(job, known, now) }
      writer.update(known.rowId, job, seen)
      const isMoved = isImported || job.createdAt !== known.createdAt
      const rowId = isMoved ? moveJob(database, known.rowId, rowIdOf(job.createdAt), changes) : known.rowId
      // An earlier revision in the same page may have changed the text or the facts already.
      const before = changes.updatedJobs.get(rowId)
      const change = {
        job,
        textChanged: before?.textChanged || indexedTextChanged(known, job),
        factsChanged: before?.factsChanged || factsChanged(known, job, seen),
      }
      if (changes.insertedJobs.has(rowId)) changes.insertedJobs.set(rowId, change)
      else changes.updatedJobs.set(rowId, change)
      if (isImported) result.added++
      else result.updated++
    } else if (listing && removedAt === null) {
      listed.run(listingEpoch, known.rowId)
      if (known.listingEpoch < listingEpoch) result.listed++
      if (known.removedAt !== null) result.updated++
    }
  }
  for (const agent of deletedUnread) addUnreadDeletions(database, accountId, agent, now, changes)
  return result
}

/** The stored properties of a job that are not in the service's record. */
interface Seen {
  listingEpoch: number
  removedAt: number | null
  endSeenAt: number | null
}

/** When the end of a job was first seen, if the service does not say when it ended; else null. */
function endSeenAt({ status, finishedAt }: Job, known: KnownJob | null, now: number): number | null {
  if (finishedAt !== null || status === 'queued' || status === 'running') return null
  return known?.status === status ? (known.endSeenAt ?? now) : now
}

/** The columns that state a job, whether a service or an export does. */
export const statedColumns = [
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
  'removed_at',
] as const
/** The columns that a new revision replaces. */
const revisedColumns = [...statedColumns, 'end_seen_at', 'listing_epoch'] as const
const jobColumns = ['row_id', 'account_id', 'agent', 'id', ...revisedColumns]
const updateJobSql = `UPDATE jobs SET ${assignments(revisedColumns)} WHERE row_id = @rowId`

const resultColumns = [
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
]

/** The parameters of `revisedColumns`. */
const revisedValues = (job: Job, seen: Seen, pack: PackAddress) => ({
  ...job,
  ...seen,
  chatUrl: pack(job.chatUrl, job.chatId),
  failureCode: job.failure?.code ?? null,
  failureOrigin: job.failure?.origin ?? null,
  failureMessage: job.failure?.message ?? null,
  resultCount: job.results.length,
})

/** Writes jobs with their results, many in one transaction. */
function jobWriter(database: Writable, accountId: number) {
  const pack = addressPacker(database, accountId)
  const insertRow = rowInserter(database, 'jobs', jobColumns)
  const insertResult = rowInserter(database, 'results', resultColumns)
  const updateRow = statement<[object]>(database, updateJobSql)
  const removeResults = statement<[number]>(database, 'DELETE FROM results WHERE job_row_id = ?')

  function insertResults(rowId: number, job: Job): void {
    for (const [position, result] of job.results.entries()) {
      const [url, thumbnailUrl] = [result.url, result.thumbnailUrl].map((address) => pack(address, job.id))
      insertResult({ ...result, url, thumbnailUrl, jobRowId: rowId, position, resultId: result.id })
    }
  }

  return {
    insert(rowId: number, job: Job, seen: Seen): void {
      insertRow({ ...revisedValues(job, seen, pack), rowId, accountId })
      insertResults(rowId, job)
    },
    update(rowId: number, job: Job, seen: Seen): void {
      updateRow.run({ ...revisedValues(job, seen, pack), rowId })
      removeResults.run(rowId)
      insertResults(rowId, job)
    },
  }
}

/** Whether the new revision changes any text that the search index holds. */
const indexedTextChanged = (known: KnownJob, job: Job): boolean =>
  known.prompt !== job.prompt ||
  known.chatTitle !== job.chatTitle ||
  known.model !== job.model ||
  known.kind !== job.kind

/** Whether the new revision changes anything on which cases depend: a renamed chat does not. */
const factsChanged = (known: KnownJob, job: Job, seen: Seen): boolean =>
  known.status !== job.status ||
  known.failureOrigin !== (job.failure?.origin ?? null) ||
  known.createdAt !== job.createdAt ||
  known.finishedAt !== job.finishedAt ||
  known.endSeenAt !== seen.endSeenAt ||
  known.requestedResults !== job.requestedResults ||
  known.resultCount !== job.results.length ||
  known.chatId !== job.chatId ||
  known.kind !== job.kind ||
  known.model !== job.model ||
  known.listingEpoch !== seen.listingEpoch

/** Gives a job whose time of creation was corrected a new row id, because row ids rise with time. Returns that id. */
function moveJob(
  database: Writable,
  from: number,
  to: number,
  { insertedJobs, updatedJobs, movedJobs }: Changes,
): number {
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

/** Records that the snapshot `listingEpoch` listed this job, although its record is quarantined. */
export function keepJobListed(
  database: Writable,
  accountId: number,
  agent: Agent,
  id: string,
  listingEpoch: number,
): void {
  statement<[object]>(
    database,
    `UPDATE jobs SET listing_epoch = @listingEpoch
     WHERE account_id = @accountId AND agent = @agent AND id = @id AND ${isFromService}`,
  ).run({ listingEpoch, accountId, agent, id })
}

/** The creation time of the oldest job that the snapshot `@listingEpoch` listed. */
const oldestListed = `SELECT created_at FROM jobs WHERE account_id = @accountId AND agent = @agent
  AND listing_epoch = @listingEpoch ORDER BY row_id LIMIT 1`

/** How far back a finished snapshot listed jobs, and what it no longer listed of the time before. */
export function beginningOfJobs(
  database: Readable,
  accountId: number,
  agent: Agent,
  listingEpoch: number,
): ListBeginning {
  const values = { accountId, agent, listingEpoch }
  const oldest = (scalar<[object], number>(database, oldestListed).get(values) as number | undefined) ?? null
  const unlisted = statement<[object], Omit<ListBeginning, 'oldestListed'>>(
    database,
    `SELECT max(created_at) AS newestUnlisted,
       coalesce(max(iif(status IN ('queued', 'running') OR status = 'succeeded' AND result_count = 0, listing_epoch, 0)), 0)
         AS unfinishedEpoch
     FROM jobs WHERE account_id = @accountId AND agent = @agent AND removed_at IS NULL AND listing_epoch < @listingEpoch
       AND ${isFromService} AND (@oldest IS NULL OR created_at <= @oldest)`,
  ).get({ ...values, oldest }) as Omit<ListBeginning, 'oldestListed'>
  return { oldestListed: oldest, ...unlisted }
}

/**
 * Marks the jobs that the finished snapshot `listingEpoch` did not list, although it listed older ones, as removed. They are
 * kept. Jobs older than the oldest listed one stay: the service has dropped old records from its listing.
 */
export function markRemoved(
  database: Writable,
  accountId: number,
  agent: Agent,
  listingEpoch: number,
  now: number,
): Unlisted {
  const updated = statement<[object]>(
    database,
    `UPDATE jobs SET removed_at = @now WHERE account_id = @accountId AND agent = @agent AND listing_epoch < @listingEpoch
       AND ${isFromService} AND removed_at IS NULL AND created_at > (${oldestListed})`,
  ).run({ accountId, agent, listingEpoch, now }).changes
  return { updated, cases: [], unnamedRefunds: [] }
}
