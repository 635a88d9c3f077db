/** Decides cases that are due: their status changes without a sync. */
import type { Readable, Writable } from '../handles.ts'
import { decideCases } from '../projections/cases.ts'
import { markForRebuild } from '../projections/projection.ts'
import { scalar, statement } from '../statement.ts'
import { forgetFutureReads } from '../streams.ts'
import type { CaseContext } from './cases.ts'

/** Corrects times that were noted while the clock was ahead. The rebuild of the cases corrects those of jobs. */
const seenInFuture = [
  'UPDATE quarantined_records SET first_seen_at = @now WHERE account_id = @accountId AND first_seen_at > @now',
  'UPDATE keep_settings SET new_since = @now WHERE account_id = @accountId AND new_since > @now',
]

/**
 * Notes that cases are decided at the time `now`. If the clock was set back, later reads prove nothing, so the cases
 * are marked for a rebuild. Runs inside the caller's transaction.
 */
export function noteDecisionTime(database: Writable, accountId: number, now: number): void {
  const last = scalar<[number], number>(database, 'SELECT evaluated_at FROM accounts WHERE account_id = ?').get(
    accountId,
  ) as number
  if (now === last) return
  if (now < last) {
    forgetFutureReads(database, accountId, now)
    for (const sql of seenInFuture) statement<[object]>(database, sql).run({ accountId, now })
    markForRebuild(database, ['cases'])
  }
  statement<[number, number]>(database, 'UPDATE accounts SET evaluated_at = ? WHERE account_id = ?').run(now, accountId)
}

/** Decides the cases whose wait ran out before `context.now`, in one transaction. Returns how many cases changed. */
export function evaluateCases(database: Writable, context: CaseContext): number {
  const { accountId, now } = context
  const evaluate = database.transaction(() => {
    noteDecisionTime(database, accountId, now)
    const due = scalar<[number, number], number>(
      database,
      'SELECT case_id FROM refund_cases WHERE account_id = ? AND due_at < ?',
    ).all(accountId, now) as number[]
    return decideCases(database, context, due).size
  })
  return evaluate.immediate()
}

/** The time at which the next case becomes due; null if no case has a due time. */
export const nextDueAt = (database: Readable, accountId: number): number | null =>
  scalar<[number], number | null>(
    database,
    'SELECT min(due_at) FROM refund_cases WHERE account_id = ? AND due_at IS NOT NULL',
  ).get(accountId) as number | null
