/** The tables `kept_originals` and `keep_settings`: the queue of originals that the user wants to keep. */
import type { ErrorView } from '../../../shared/errors.ts'
import type { Agent } from '../../../shared/values.ts'
import type { OriginalsEstimate, OriginalView } from '../../../shared/views.ts'
import type { Job } from '../../service/schemas.ts'
import type { Changes } from '../changes.ts'
import { parseStoredRecord } from '../file/errors.ts'
import type { Readable, Writable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'

/** Jobs per slice. No other work runs during a slice. */
const sliceLength = 2_000

/** The user's choice: all originals of jobs that end after `newSince`, and of jobs below the row id `allBelow`. */
export interface KeepSettings {
  paused: boolean
  newSince: number | null
  allBelow: number | null
}

/** The settings of an account; the defaults keep nothing. */
export function keepSettings(database: Readable, accountId: number): KeepSettings {
  const row = statement<[number], { paused: number; newSince: number | null; allBelow: number | null }>(
    database,
    'SELECT paused, new_since AS newSince, all_below AS allBelow FROM keep_settings WHERE account_id = ?',
  ).get(accountId)
  return { paused: row?.paused === 1, newSince: row?.newSince ?? null, allBelow: row?.allBelow ?? null }
}

/** Changes some of the settings of an account. */
export function saveKeepSettings(database: Writable, accountId: number, change: Partial<KeepSettings>): void {
  const { paused, newSince, allBelow } = { ...keepSettings(database, accountId), ...change }
  statement<[object]>(
    database,
    `INSERT INTO keep_settings (account_id, paused, new_since, all_below) VALUES (@accountId, @paused, @newSince, @allBelow)
     ON CONFLICT DO UPDATE SET paused = excluded.paused, new_since = excluded.new_since, all_below = excluded.all_below`,
  ).run({ accountId, paused: Number(paused), newSince, allBelow })
}

const insertOriginals = 'INSERT INTO kept_originals (account_id, agent, job_id, result_id, state, rank, bytes)'
const waitAgain = `UPDATE SET state = 'waiting', tries = 0, rank = excluded.rank, error = NULL`
/** A result without an address is a file of a folder already. */
const resultsOfJobs = 'FROM jobs j JOIN results r ON r.job_row_id = j.row_id AND r.url IS NOT NULL'

/** Enqueues all originals of a job, at the front. Originals that failed are tried again. */
export function enqueueOriginals(
  database: Writable,
  accountId: number,
  agent: Agent,
  jobId: string,
  now: number,
): void {
  statement<[object]>(
    database,
    `${insertOriginals} SELECT j.account_id, j.agent, j.id, r.result_id, 'waiting', @now, r.bytes ${resultsOfJobs}
     WHERE j.account_id = @accountId AND j.agent = @agent AND j.id = @jobId
     ON CONFLICT DO ${waitAgain} WHERE state <> 'kept'`,
  ).run({ now, accountId, agent, jobId })
}

/**
 * Enqueues the originals of new and changed jobs that ended after `newSince`. Originals that failed are tried again if their
 * job changed, because it may have new addresses. Runs inside the caller's transaction.
 */
export function enqueueChangedOriginals(
  database: Writable,
  accountId: number,
  { insertedJobs, updatedJobs }: Changes,
): void {
  const { newSince } = keepSettings(database, accountId)
  for (const { job } of updatedJobs.values()) retryOriginals(database, accountId, job)
  if (newSince === null) return
  for (const { job } of [...insertedJobs.values(), ...updatedJobs.values()]) {
    if ((job.finishedAt ?? job.createdAt) >= newSince) enqueueNewOriginals(database, accountId, job)
  }
}

function enqueueNewOriginals(database: Writable, accountId: number, job: Job): void {
  const insert = statement<[object]>(
    database,
    `${insertOriginals} VALUES (@accountId, @agent, @jobId, @resultId, 'waiting', @createdAt, @bytes) ON CONFLICT DO NOTHING`,
  )
  const { agent, id: jobId, createdAt } = job
  for (const { id: resultId, bytes } of job.results) insert.run({ accountId, agent, jobId, resultId, createdAt, bytes })
}

function retryOriginals(database: Writable, accountId: number, { agent, id }: Job): void {
  statement<[object]>(
    database,
    `UPDATE kept_originals SET state = 'waiting', tries = 0, error = NULL
     WHERE account_id = @accountId AND agent = @agent AND job_id = @id AND state = 'failed'`,
  ).run({ accountId, agent, id })
}

/** Enqueues the next slice of all originals of listed jobs. Returns whether more slices follow. */
export function enqueueNextSlice(database: Writable, accountId: number): boolean {
  const add = database.transaction(() => {
    const { allBelow } = keepSettings(database, accountId)
    if (allBelow === null) return false
    const from = startOfSlice(database, accountId, allBelow)
    statement<[object]>(
      database,
      `${insertOriginals} SELECT j.account_id, j.agent, j.id, r.result_id, 'waiting', j.created_at, r.bytes ${resultsOfJobs}
       WHERE +j.account_id = @accountId AND j.row_id >= @from AND j.row_id < @allBelow AND j.removed_at IS NULL ON CONFLICT DO NOTHING`,
    ).run({ accountId, from, allBelow })
    saveKeepSettings(database, accountId, { allBelow: from === 0 ? null : from })
    return from > 0
  })
  return add.immediate()
}

/** The row id at which a slice of jobs below the row id `below` begins; 0 for the last slice. */
function startOfSlice(database: Readable, accountId: number, below: number): number {
  const sql = `SELECT row_id FROM jobs WHERE +account_id = ? AND row_id < ? ORDER BY row_id DESC LIMIT 1 OFFSET ${sliceLength - 1}`
  return scalar<[number, number], number>(database, sql).get(accountId, below) ?? 0
}

/** Adds up a slice of the originals of listed jobs that are not in the queue. `next` is 0 after the last slice. */
export function estimateSlice(
  database: Readable,
  accountId: number,
  below: number,
): Pick<OriginalsEstimate, 'originals' | 'bytes' | 'ofUnknownSize'> & { next: number } {
  const next = startOfSlice(database, accountId, below)
  const totals = statement<[object], Omit<ReturnType<typeof estimateSlice>, 'next'>>(
    database,
    `SELECT count(*) AS originals, coalesce(sum(r.bytes), 0) AS bytes, count(*) - count(r.bytes) AS ofUnknownSize ${resultsOfJobs}
     WHERE +j.account_id = @accountId AND j.row_id >= @next AND j.row_id < @below AND j.removed_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM kept_originals k
       WHERE k.account_id = j.account_id AND k.agent = j.agent AND k.job_id = j.id AND k.result_id = r.result_id)`,
  ).get({ accountId, next, below })
  return { ...(totals as NonNullable<typeof totals>), next }
}

/** Enqueues all originals that failed again. */
export function enqueueFailed(database: Writable, accountId: number): void {
  const sql = `UPDATE kept_originals SET state = 'waiting', tries = 0, error = NULL WHERE account_id = ? AND state = 'failed'`
  statement<[number]>(database, sql).run(accountId)
}

/** An original in the queue. */
export interface WaitingOriginal {
  id: number
  agent: Agent
  jobId: string
  resultId: string
  tries: number
  bytes: number | null
  etag: string | null
}

const columns = 'original_id AS id, agent, job_id AS jobId, result_id AS resultId, tries, bytes, etag'

/** The next originals of the queue. */
export function waitingOriginals(database: Readable, accountId: number, limit: number): WaitingOriginal[] {
  return statement<[number, number], WaitingOriginal>(
    database,
    `SELECT ${columns} FROM kept_originals WHERE account_id = ? AND state = 'waiting' ORDER BY tries, rank DESC LIMIT ?`,
  ).all(accountId, limit)
}

/** Stores the entity tag of a partial download; null to forget it. */
export function saveEtag(database: Writable, id: number, etag: string | null): void {
  statement<[string | null, number]>(database, 'UPDATE kept_originals SET etag = ? WHERE original_id = ?').run(etag, id)
}

/** Records that an original of `bytes` bytes is on the disk. */
export function saveKept(database: Writable, id: number, bytes: number): void {
  const sql = `UPDATE kept_originals SET state = 'kept', bytes = ?, etag = NULL, error = NULL WHERE original_id = ?`
  statement<[number, number]>(database, sql).run(bytes, id)
}

/** Counts an attempt to download an original. */
export function countTry(database: Writable, id: number): void {
  statement<[number]>(database, 'UPDATE kept_originals SET tries = tries + 1 WHERE original_id = ?').run(id)
}

/** Records that an original was given up, with the reason. */
export function saveFailure(database: Writable, id: number, error: ErrorView): void {
  const sql = `UPDATE kept_originals SET state = 'failed', error = ? WHERE original_id = ?`
  statement<[string, number]>(database, sql).run(JSON.stringify(error), id)
}

/** Removes an original from the queue, kept or not. The file is not touched. */
export function removeOriginal(
  database: Writable,
  accountId: number,
  agent: Agent,
  jobId: string,
  resultId: string,
): void {
  const sql = `DELETE FROM kept_originals
    WHERE account_id = @accountId AND agent = @agent AND job_id = @jobId AND result_id = @resultId`
  statement<[object]>(database, sql).run({ accountId, agent, jobId, resultId })
}

/** Empties the queue, and ends a request for all originals. */
export function removeWaiting(database: Writable, accountId: number): void {
  const remove = database.transaction(() => {
    statement<[number]>(database, `DELETE FROM kept_originals WHERE account_id = ? AND state = 'waiting'`).run(
      accountId,
    )
    saveKeepSettings(database, accountId, { allBelow: null })
  })
  remove.immediate()
}

/** Removes the originals that failed. */
export function removeFailed(database: Writable, accountId: number): void {
  statement<[number]>(database, `DELETE FROM kept_originals WHERE account_id = ? AND state = 'failed'`).run(accountId)
}

/** The originals of a job that the user wants to keep. */
export function originalsOfJob(database: Readable, accountId: number, agent: Agent, jobId: string): OriginalView[] {
  const rows = statement<[object], OriginalView & { error: string | null }>(
    database,
    `SELECT result_id AS resultId, state, bytes, error FROM kept_originals
     WHERE account_id = @accountId AND agent = @agent AND job_id = @jobId`,
  ).all({ accountId, agent, jobId })
  return rows.map((row) => ({ ...row, error: row.error && parseStoredRecord<ErrorView>(row.error, 'code', 'params') }))
}

interface OriginalsCount {
  originals: number
  /** Null if the size of any of them is unknown. */
  bytes: number | null
}

/** How many originals are in each state. */
export function countOriginals(database: Readable, accountId: number): Record<OriginalView['state'], OriginalsCount> {
  const none = { originals: 0, bytes: 0 }
  const rows = statement<[number], OriginalsCount & { state: OriginalView['state'] }>(
    database,
    `SELECT state, count(*) AS originals, CASE WHEN count(bytes) = count(*) THEN sum(bytes) END AS bytes
     FROM kept_originals WHERE account_id = ? GROUP BY state`,
  ).all(accountId)
  const counts = Object.fromEntries(rows.map(({ state, ...count }) => [state, count]))
  return { waiting: none, kept: none, failed: none, ...counts }
}
