/** Reads the stored jobs and deletions that the records of a page are compared with. */
import type { Agent } from '../../../shared/values.ts'
import type { DeletedJob, Job } from '../../service/schemas.ts'
import type { Readable } from '../handles.ts'
import { statement } from '../statement.ts'

/** The columns of a stored job that are compared with a received record. */
export interface KnownJob {
  rowId: number
  revision: number
  listingEpoch: number
  createdAt: number
  removedAt: number | null
  status: string
  failureOrigin: string | null
  finishedAt: number | null
  endSeenAt: number | null
  requestedResults: number
  resultCount: number
  chatId: string
  kind: string
  model: string
  prompt: string
  chatTitle: string | null
}

interface StoredJob {
  known: KnownJob | undefined
  /** The revision of a deletion; 0 if there is none. */
  deletedRevision: number
}

/**
 * Returns a function that finds the stored job of a record. Call it for the records in their order, before each is stored: the
 * jobs are read at once, and an id that comes again is read again.
 */
export function storedJobs(
  database: Readable,
  accountId: number,
  jobs: readonly (Job | DeletedJob)[],
): (job: Job | DeletedJob) => StoredJob {
  const find = statement<[object], (KnownJob | { rowId: null }) & { id: string; deletedRevision: number | null }>(
    database,
    `SELECT i.value AS id, row_id AS rowId, j.revision, listing_epoch AS listingEpoch, created_at AS createdAt,
       removed_at AS removedAt, status, failure_origin AS failureOrigin, finished_at AS finishedAt, end_seen_at AS endSeenAt,
       requested_results AS requestedResults, result_count AS resultCount, chat_id AS chatId, kind, model, prompt,
       chat_title AS chatTitle, d.revision AS deletedRevision
     FROM json_each(@ids) i LEFT JOIN jobs j ON j.account_id = @accountId AND j.agent = @agent AND j.id = i.value
       LEFT JOIN job_tombstones d ON d.account_id = @accountId AND d.agent = @agent AND d.id = i.value
     WHERE j.row_id IS NOT NULL OR d.revision IS NOT NULL`,
  )
  const read = (agent: Agent, ids: readonly string[]): Map<string, StoredJob> =>
    new Map(
      find.all({ accountId, agent, ids: JSON.stringify(ids) }).map(({ id, deletedRevision, ...row }) => {
        const known = row.rowId === null ? undefined : row
        return [id, { known, deletedRevision: deletedRevision ?? 0 }]
      }),
    )
  const byAgent = [...Map.groupBy(jobs, ({ agent }) => agent)]
  const before = new Map(byAgent.map(([agent, some]) => [agent, read(agent, [...new Set(some.map(({ id }) => id))])]))
  const seen = new Set<string>()
  return ({ agent, id }) => {
    const key = `${agent} ${id}`
    const found = (seen.has(key) ? read(agent, [id]) : before.get(agent))?.get(id)
    seen.add(key)
    return found ?? { known: undefined, deletedRevision: 0 }
  }
}
