/** The due times of `refund_cases`: cases whose status changes without a sync. */
import type { CaseContext } from './cases.ts'
import { decideCases } from './projections/cases.ts'
import { markForRebuild } from './projections/projection.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'
import { forgetFutureReads } from './streams.ts'

/**
 * Decides the cases whose wait ran out before `context.now`. If the clock was set back since the last time, a stream that
 * was read at a time still to come proves nothing, and every verdict is in doubt: the projection is marked for a rebuild.
 * One transaction. Returns how many cases changed.
 */
export function evaluateCases(database: Writable, context: CaseContext): number {
  const evaluate = database.transaction(() => {
    const evaluatedAt = scalar<[number], number>(
      database,
      'SELECT evaluated_at FROM accounts WHERE account_id = ?',
    ).get(context.accountId) as number
    if (context.now < evaluatedAt) {
      forgetFutureReads(database, context.accountId, context.now)
      markForRebuild(database, ['cases'])
    }
    const due = scalar<[number, number], number>(
      database,
      'SELECT case_id FROM refund_cases WHERE account_id = ? AND due_at < ?',
    ).all(context.accountId, context.now) as number[]
    const changed = decideCases(database, context, due)
    statement<[number, number]>(database, 'UPDATE accounts SET evaluated_at = ? WHERE account_id = ?').run(
      context.now,
      context.accountId,
    )
    return changed
  })
  return evaluate.immediate()
}

/** The time at which the next case becomes due; null if no case has a due time. */
export const nextDueAt = (database: Readable, accountId: number): number | null =>
  scalar<[number], number | null>(
    database,
    'SELECT min(due_at) FROM refund_cases WHERE account_id = ? AND due_at IS NOT NULL',
  ).get(accountId) as number | null
