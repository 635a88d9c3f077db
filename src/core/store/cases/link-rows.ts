/** The rows of `credit_transactions` that linking reads: those that name some jobs, and those that follow other rows. */
import { isChargeCase } from '../../domain/ledger.ts'
import type { LinkedRow, RowOfL9 } from '../../domain/linking.ts'
import type { Readable } from '../handles.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { caseOfJob, isCaseOfCharge } from '../schema/views.ts'
import { statement } from '../statement.ts'

/** A ledger row with its link, and the kind and source from which the facet of a relinked row is found. */
export interface LinkRow extends LinkedRow, RowOfL9 {}

/** The columns of a `LinkRow`. */
export const linkColumns = `row_id AS rowId, id, kind, ${textOfRow('feature')} AS feature, ${textOfRow('source')} AS source, amount,
  occurred_at AS occurredAt, job_id AS jobId, agent, reverses, case_id AS caseId`

/** SQL that holds for the kinds of rows that may count in a case. */
export const isLinkedKind = `kind IN ('charge', 'refund', 'grant', 'adjustment', 'top_up')`

/** SQL for the rows of `isUnnamedRefund`. The index `credits_unnamed_refunds` has this condition, word for word. */
export const isUnnamed = `reverses IS NULL AND job_id IS NULL AND amount > 0 AND (kind IN ('refund', 'adjustment')
  OR kind = 'grant' AND coalesce(source, '') NOT IN ('daily_free', 'random', 'subscription'))`

/** SQL that holds for the rows of `mayBeUnlinkedRefund` that count in no case; the index `credits_unlinked_refunds` has the same words. */
export const isUnlinked = `case_id IS NULL AND amount > 0 AND kind NOT IN ('charge', 'top_up', 'expiry')
  AND NOT (kind = 'grant' AND coalesce(source, '') IN ('daily_free', 'random', 'subscription'))`

/**
 * SQL for the rows in the index `credits_by_job`, word for word. It lacks the charges in the case of a job: that is the job which
 * they name (rule L2), so `credits_by_case` finds them.
 */
const isIndexedByJob = `(t.kind <> 'charge' OR t.case_id IS NULL OR ${isCaseOfCharge('t.case_id')})`

/**
 * SQL for the row ids of the rows that name one of the jobs `@jobIds` (JSON) in the account `@accountId`. Charges in the case of
 * a job are found for the ids `chargedIds` and the agents `@agents` (JSON).
 */
export const rowsNamingJobs = (chargedIds = '@jobIds') => `
  SELECT t.row_id FROM json_each(@jobIds) i
    CROSS JOIN credit_transactions t ON t.account_id = @accountId AND t.job_id = i.value AND ${isIndexedByJob}
  UNION ALL SELECT t.row_id FROM json_each(${chargedIds}) i CROSS JOIN json_each(@agents) a
    CROSS JOIN jobs j ON j.account_id = @accountId AND j.agent = a.value AND j.id = i.value
    CROSS JOIN credit_transactions t ON t.case_id = ${caseOfJob('j.row_id')}
  WHERE t.kind = 'charge' AND t.job_id = i.value`

/**
 * The rows that may belong to new jobs with these ids. A charge without an agent may already be in the case of Agent 2.0's job of
 * that id; it moves to the new job of Agent 1.0. Those have the ids `agent1Ids`.
 */
export const rowsOfNewJobs = (
  database: Readable,
  accountId: number,
  jobIds: readonly string[],
  agent1Ids: readonly string[],
): LinkRow[] =>
  statement<[object], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions
     WHERE row_id IN (${rowsNamingJobs('@agent1Ids')}) AND ${isLinkedKind} ORDER BY row_id`,
  ).all({ accountId, jobIds: JSON.stringify(jobIds), agent1Ids: JSON.stringify(agent1Ids), agents: '["agent-2"]' })

/** A row that moved from the case in `row` to `caseId`, or that is new. */
export interface LeadingRow {
  row: LinkRow
  caseId: number | null
}

const isOwnCase = (caseId: number | null): boolean => caseId !== null && isChargeCase(caseId)

/** Orders rows by their time (epoch ms) and then by id, as SQLite sorts texts. */
export const byTimeAndId = (one: { at: number; id: string }, other: { at: number; id: string }): number =>
  one.at - other.at || Buffer.compare(Buffer.from(one.id), Buffer.from(other.id))

/**
 * The rows whose case depends on the case of a leading row, in order of time: those that reverse it, and refunds that name the
 * same job. The rows of each job are read once.
 */
export function rowsFollowing(database: Readable, accountId: number, leading: readonly LeadingRow[]): LinkRow[] {
  const following = new Map<number, LinkRow>()
  const byReverses = statement<[object], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE row_id IN (
       SELECT f.row_id FROM json_each(@ids) i CROSS JOIN credit_transactions f
         ON f.account_id = @accountId AND f.reverses = i.value) AND ${isLinkedKind}`,
  )
  const byJob = statement<[object], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = @accountId AND job_id = @jobId
       AND kind <> 'charge' AND ${isLinkedKind} AND (@charged OR amount < 0)`,
  )
  const leaders = new Map(leading.map(({ row }) => [row.id, row]))
  const charged = new Map<string, boolean>()
  for (const other of byReverses.all({ accountId, ids: JSON.stringify([...leaders.keys()]) })) {
    following.set(other.rowId, other)
    const row = leaders.get(other.reverses as string) as LinkRow
    // Credits that were taken back again do not follow a refund that reverses a refund (L11).
    if (row.kind !== 'charge' && other.jobId !== null) charged.set(other.jobId, false)
  }
  for (const { row, caseId } of leading) {
    if (row.jobId === null) continue
    // Any refund may follow a charge with a case of its own (L7); only credits that were taken back again follow a refund (L11).
    if (row.kind === 'charge') {
      if (isOwnCase(row.caseId) || isOwnCase(caseId)) charged.set(row.jobId, true)
    } else if (row.amount > 0 && !charged.has(row.jobId)) charged.set(row.jobId, false)
  }
  for (const [jobId, any] of charged) {
    for (const other of byJob.all({ accountId, jobId, charged: any ? 1 : 0 })) following.set(other.rowId, other)
  }
  const timed = [...following.values()].map((row) => ({ row, at: row.occurredAt, id: row.id }))
  return timed.sort(byTimeAndId).map(({ row }) => row)
}
