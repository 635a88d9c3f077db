/** Writes of the table `job_tombstones`: the jobs that the service deleted. */
import type { Agent } from '../../../shared/values.ts'
import type { DeletedJob } from '../../service/schemas.ts'
import { casesInDeletion } from '../cases/unread-deletions.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { isCaseOfCharge } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { readPosition } from '../streams.ts'
import type { KnownJob } from './stored-jobs.ts'

/**
 * Remembers a deletion by its revision; a job that we have is kept, as removed. `known` is the stored job, if there is one. Returns
 * whether a job was removed.
 */
export function recordDeletion(
  database: Writable,
  accountId: number,
  job: DeletedJob,
  known: KnownJob | undefined,
  now: number,
  changes: Changes,
): boolean {
  // The revision of an imported job proves nothing.
  const listed = known && known.listingEpoch >= 0 ? known : undefined
  if (listed && job.revision <= listed.revision) return false
  const { agent, id, revision } = job
  const readUntil = known ? null : readPosition(database, accountId, `jobs:${agent}`).lastSuccessAt
  const seenAt = readUntil === null ? null : now
  statement<[object]>(
    database,
    `INSERT INTO job_tombstones (account_id, agent, id, revision, read_until, seen_at)
     VALUES (@accountId, @agent, @id, @revision, @readUntil, @seenAt)
     ON CONFLICT DO UPDATE SET revision = max(revision, excluded.revision)`,
  ).run({ accountId, agent, id, revision, readUntil, seenAt })
  if (!known) for (const caseId of chargesNaming(database, accountId, job)) changes.cases.add(caseId)
  if (!listed || listed.removedAt !== null) return false
  statement<[number, number]>(database, 'UPDATE jobs SET removed_at = ? WHERE row_id = ?').run(now, listed.rowId)
  return true
}

const chargesNaming = (database: Readable, accountId: number, { agent, id }: DeletedJob): number[] =>
  scalar<[object], number>(
    database,
    `SELECT case_id FROM credit_transactions WHERE account_id = @accountId AND job_id = @id AND kind = 'charge'
       AND (agent = @agent OR agent IS NULL) AND ${isCaseOfCharge('case_id')}`,
  ).all({ accountId, agent, id })

/** Decides the charges again that may have paid for a job of the agent that was deleted unread at `now` (epoch ms). */
export function addUnreadDeletions(
  database: Readable,
  accountId: number,
  agent: Agent,
  now: number,
  { cases }: Changes,
): void {
  const readUntil = readPosition(database, accountId, `jobs:${agent}`).lastSuccessAt
  if (readUntil === null) return
  for (const caseId of casesInDeletion(database, accountId, { agent, readUntil, seenAt: now })) cases.add(caseId)
}

/** An older copy brought a deleted job, so no other charge can have paid for it. */
export function forgetUnreadDeletion(
  database: Writable,
  accountId: number,
  { agent, id }: { agent: Agent; id: string },
  { cases }: Changes,
): void {
  const forgotten = statement<[object], { readUntil: number; seenAt: number }>(
    database,
    `SELECT read_until AS readUntil, seen_at AS seenAt FROM job_tombstones
     WHERE account_id = @accountId AND agent = @agent AND id = @id AND seen_at IS NOT NULL`,
  ).get({ accountId, agent, id })
  if (!forgotten) return
  statement<[object]>(
    database,
    `UPDATE job_tombstones SET read_until = NULL, seen_at = NULL
     WHERE account_id = @accountId AND agent = @agent AND id = @id`,
  ).run({ accountId, agent, id })
  for (const caseId of casesInDeletion(database, accountId, { agent, ...forgotten })) cases.add(caseId)
}
