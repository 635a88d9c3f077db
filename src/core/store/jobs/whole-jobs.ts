/** Jobs for an export: everything about them that can be imported again, without the addresses of their files. */
import type { Job, JobResult } from '../../service/schemas.ts'
import type { Readable } from '../handles.ts'
import { statement } from '../statement.ts'
import { unpackedAddress } from './addresses.ts'

/** What an export says of a job besides what lists show; times in epoch ms. */
export interface WholeJob
  extends Pick<Job, 'chatUrl' | 'status' | 'failure' | 'requestedResults' | 'startedAt' | 'finishedAt' | 'revision'> {
  removedAt: number | null
  results: Omit<JobResult, 'url' | 'thumbnailUrl'>[]
}

interface JobColumns extends Omit<WholeJob, 'failure' | 'results'> {
  rowId: number
  code: string | null
  origin: string | null
  message: string | null
}

/** The jobs of some row ids. Jobs of folders are left out: an export has no files. */
export function wholeJobs(database: Readable, rowIds: readonly number[]): Map<number, WholeJob> {
  const ids = JSON.stringify(rowIds)
  const jobs = statement<[string], JobColumns>(
    database,
    `SELECT j.row_id AS rowId, ${unpackedAddress('j.chat_url', 'j.account_id', 'j.chat_id')} AS chatUrl, j.status,
       j.failure_code AS code, j.failure_origin AS origin, j.failure_message AS message,
       j.requested_results AS requestedResults, j.started_at AS startedAt, j.finished_at AS finishedAt,
       j.removed_at AS removedAt, j.revision
     FROM json_each(?) i CROSS JOIN jobs j ON j.row_id = i.value WHERE j.listing_epoch <> 0`,
  ).all(ids)
  const results = statement<[string], JobResult & { rowId: number }>(
    database,
    `SELECT r.job_row_id AS rowId, r.result_id AS id, r.mime_type AS mimeType, r.width, r.height,
       r.duration_ms AS durationMs, r.bytes, r.sha256
     FROM json_each(?) i CROSS JOIN results r ON r.job_row_id = i.value ORDER BY r.job_row_id, r.position`,
  ).all(ids)
  const resultsByJob = Map.groupBy(results, ({ rowId }) => rowId)
  return new Map(
    jobs.map(({ rowId, code, origin, message, chatUrl, status, ...job }) => [
      rowId,
      {
        chatUrl,
        status,
        failure: code === null || origin === null ? null : { code, origin, message },
        ...job,
        results: (resultsByJob.get(rowId) ?? []).map(({ rowId: _, ...result }) => result),
      },
    ]),
  )
}
