/** The table `results`: the files that each job made. */
import type { MediaRef } from '../../../shared/bridge.ts'
import type { ResultView } from '../../../shared/views.ts'
import type { Job } from '../../service/schemas.ts'
import { accountNamed, activeAccount } from '../accounts/accounts.ts'
import type { Readable, Writable } from '../handles.ts'
import { type FileLocation, locationsOf } from '../imports/folders.ts'
import { statement } from '../statement.ts'
import { addressPacker, unpackedAddress } from './addresses.ts'

/** The name of a result, without the size of its file. */
export type ResultRef = Omit<MediaRef, 'size'>

/** A stored result. The account is named as the service names it; `bytes` and `sha256` belong to the original. */
export interface StoredResult {
  accountId: string
  signInMethod: string
  mimeType: string
  /** Null for a file of a folder, whose paths are in `locations`. */
  url: string | null
  locations: FileLocation[]
  thumbnailUrl: string | null
  bytes: number | null
  sha256: string | null
}

/** A result that a service offers at an address. */
export type AddressedResult = StoredResult & { url: string }
export const isAddressed = (result: StoredResult): result is AddressedResult => result.url !== null

/** The addresses of the result `r` of the job `j`. */
const addressColumns = `${unpackedAddress('r.url', 'j.account_id', 'j.id')} AS url,
  ${unpackedAddress('r.thumbnail_url', 'j.account_id', 'j.id')} AS thumbnailUrl`

/** A result of the named account, by default of the active one; null if there is no such result. */
export function findResult(
  database: Readable,
  { account: name, agent, jobId, resultId }: ResultRef,
): StoredResult | null {
  const account = name === undefined ? activeAccount(database) : accountNamed(database, name)
  if (!account) return null
  const row = statement<[object], Omit<StoredResult, 'accountId' | 'signInMethod' | 'locations'>>(
    database,
    `SELECT ${addressColumns}, r.mime_type AS mimeType, r.sha256, r.bytes
     FROM jobs j JOIN results r ON r.job_row_id = j.row_id
     WHERE j.account_id = @accountId AND j.agent = @agent AND j.id = @jobId AND r.result_id = @resultId`,
  ).get({ accountId: account.accountId, agent, jobId, resultId })
  if (!row) return null
  const locations = row.url === null && row.sha256 !== null ? locationsOf(database, account.accountId, row.sha256) : []
  return { accountId: account.id, signInMethod: account.signInMethod, locations, ...row }
}

const columns = 'r.result_id AS id, r.mime_type AS mimeType, r.width, r.height, r.duration_ms AS durationMs, r.bytes'

/** The results of a job in their order, at most `limit`. */
export function resultsOf(database: Readable, jobRowId: number, limit = 1_000): ResultView[] {
  const sql = `SELECT ${columns} FROM results r WHERE r.job_row_id = ? ORDER BY r.position LIMIT ?`
  return statement<[number, number], ResultView>(database, sql).all(jobRowId, limit)
}

/** The first results of some jobs, at most `limit` of each, by the row ids of the jobs. */
export function firstResults(
  database: Readable,
  jobRowIds: readonly number[],
  limit: number,
): Map<number, ResultView[]> {
  const rows = statement<[string, number], ResultView & { job: number }>(
    database,
    `SELECT r.job_row_id AS job, ${columns} FROM json_each(?) i CROSS JOIN results r ON r.job_row_id = i.value
     WHERE r.position < ?`,
  ).all(JSON.stringify(jobRowIds), limit)
  const results = new Map<number, ResultView[]>()
  for (const { job, ...result } of rows) results.set(job, [...(results.get(job) ?? []), result])
  return results
}

/** Stores the addresses of a job's results as the service states them now. Returns how many were new. */
export function saveAddresses(database: Writable, accountId: number, job: Job): number {
  const stored = statement<[object], Record<'id' | 'url' | 'thumbnailUrl', string | null> & { rowId: number }>(
    database,
    `SELECT r.job_row_id AS rowId, r.result_id AS id, ${addressColumns} FROM jobs j JOIN results r ON r.job_row_id = j.row_id
     WHERE j.account_id = @accountId AND j.agent = @agent AND j.id = @id`,
  )
  const save = statement<[object]>(
    database,
    'UPDATE results SET url = @url, thumbnail_url = @thumbnailUrl WHERE job_row_id = @rowId AND result_id = @id',
  )
  const saveAll = database.transaction(() => {
    const known = new Map(stored.all({ accountId, agent: job.agent, id: job.id }).map((row) => [row.id, row]))
    const pack = addressPacker(database, accountId)
    let changed = 0
    for (const { id, url, thumbnailUrl } of job.results) {
      const row = known.get(id)
      if (!row || (row.url === url && row.thumbnailUrl === thumbnailUrl)) continue
      const packed = { url: pack(url, job.id), thumbnailUrl: pack(thumbnailUrl, job.id) }
      changed += save.run({ id, rowId: row.rowId, ...packed }).changes
    }
    return changed
  })
  return saveAll.immediate()
}
