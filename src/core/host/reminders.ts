import type { CoreEventBody } from '../../shared/events.ts'
import type { Clock } from '../ports.ts'
import { activeAccount } from '../store/accounts.ts'
import type { Readable } from '../store/store.ts'
import { listSupportCases } from '../store/support.ts'

const longestTimer = 60 * 60_000

export interface Reminders {
  /** The diary changed: looks at it again. */
  check(): void
  close(): void
}

/**
 * Publishes each reminder of the support diary once when its moment comes, and at the start those that came while nothing
 * ran. A resolved message reminds of nothing.
 */
export function startReminders(database: Readable, clock: Clock, publish: (event: CoreEventBody) => void): Reminders {
  const told = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    clearTimeout(timer)
    const account = activeAccount(database)
    if (!account) return
    const now = clock.now()
    const waiting = listSupportCases(database, account.accountId).flatMap(({ id, subject, remindAt, state }) =>
      remindAt === null || state === 'resolved' ? [] : { id, subject, remindAt },
    )
    for (const { id, subject, remindAt } of waiting) {
      const name = `${id} ${remindAt}`
      if (remindAt > now || told.has(name)) continue
      told.add(name)
      publish({ type: 'reminder', id, subject })
    }
    const next = Math.min(...waiting.map(({ remindAt }) => remindAt).filter((at) => at > now))
    // At least a second, since a clock that is fixed from outside never reaches the moment.
    if (Number.isFinite(next)) timer = setTimeout(check, Math.min(longestTimer, Math.max(1_000, next - now)))
  }

  check()
  return { check, close: () => clearTimeout(timer) }
}
