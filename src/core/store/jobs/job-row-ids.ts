/** Looks up the row ids of many jobs at once. */
import type { Agent } from '../../../shared/values.ts'
import type { Readable } from '../handles.ts'
import { statement } from '../statement.ts'

/** Finds the row id of a job among the jobs of these different ids, which are read at once; null if we do not have it. */
export function jobRowIds(
  database: Readable,
  accountId: number,
  ids: readonly string[],
): (agent: Agent, id: string) => number | null {
  const jobs = statement<[object], { agent: Agent; id: string; rowId: number }>(
    database,
    `SELECT j.agent, j.id, j.row_id AS rowId FROM json_each(@ids) i
       CROSS JOIN jobs j ON j.account_id = @accountId AND j.agent IN ('agent-1', 'agent-2') AND j.id = i.value`,
  ).all({ accountId, ids: JSON.stringify(ids) })
  const rowIds = new Map(jobs.map(({ agent, id, rowId }) => [`${agent} ${id}`, rowId]))
  return (agent, id) => rowIds.get(`${agent} ${id}`) ?? null
}
