/** Reads for the Help screen: results near a time from `jobs`, and counts per agent from `case_facets`. */
import type { Agent } from '../../shared/values.ts'
import { aboveAllIds, firstRowId } from '../domain/ledger.ts'
import { jobFacets, totalOf } from './cases/case-facets.ts'
import type { Readable } from './handles.ts'
import { listJobs } from './jobs/job-queries.ts'
import { scalar, statement } from './statement.ts'

/** A job whose result may be the missing one. */
export interface Candidate {
  agent: Agent
  jobId: string
  model: string
  createdAt: number
}

/** Jobs read on either side of the time: a busy account makes many in three days. */
const maxPerSide = 2_000

/** Jobs with results at most `reach` milliseconds from the time `at`: those of `model` first, then the nearest. */
export function resultsAround(
  database: Readable,
  accountId: number,
  at: number,
  reach: number,
  model: string | null,
  limit: number,
): Candidate[] {
  const between = (from: number, to: number, order: 'ASC' | 'DESC') =>
    statement<[object], Candidate>(
      database,
      `SELECT agent, id AS jobId, model, created_at AS createdAt FROM jobs
       WHERE +account_id = @accountId AND row_id >= @from AND row_id < @below AND result_count > 0
       ORDER BY row_id ${order} LIMIT ${maxPerSide}`,
    ).all({ accountId, from: firstRowId(from), below: firstRowId(to) })
  const apart = (job: Candidate) => Math.abs(job.createdAt - at)
  return [...between(at - reach, at, 'DESC'), ...between(at, at + reach, 'ASC')]
    .sort((a, b) => Number(b.model === model) - Number(a.model === model) || apart(a) - apart(b))
    .slice(0, limit)
}

/** The number of jobs of each agent, and of those that the service no longer lists. */
export function jobsByAgent(
  database: Readable,
  accountId: number,
): { agent: Agent; jobs: number; removed: number; newestAt: number | null }[] {
  return (['agent-1', 'agent-2'] as const).map((agent) => {
    const facets = jobFacets(database, [accountId], { agent })
    const removed = scalar<[number, Agent], number>(
      database,
      'SELECT count(*) FROM jobs WHERE account_id = ? AND agent = ? AND removed_at IS NOT NULL',
    ).get(accountId, agent) as number
    const [newest] = listJobs(database, [accountId], { agent }, aboveAllIds, 1).rows
    return { agent, jobs: totalOf(facets).cases, removed, newestAt: newest?.createdAt ?? null }
  })
}
