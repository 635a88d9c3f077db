import type { CoreEventBody } from '../shared/events.ts'
import type { Clock } from './ports.ts'
import { notifyingAccounts } from './store/accounts/account-scope.ts'
import { listSupportCases } from './store/cases/support.ts'
import type { Readable } from './store/handles.ts'

const maxTimerMs = 60 * 60_000

export interface Reminders {
  /** Looks at the diary again, because it may have changed. */
  check(): void
  close(): void
}

/**
 * Publishes each reminder of the diaries of all accounts once when it is due, including reminders that became due while the app was
 * closed. Resolved messages have no reminders.
 */
export function startReminders(database: Readable, clock: Clock, publish: (event: CoreEventBody) => void): Reminders {
  const published = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    clearTimeout(timer)
    const now = clock.now()
    const waiting = notifyingAccounts(database).flatMap(({ account, named }) =>
      listSupportCases(database, account.accountId).flatMap(({ id, subject, remindAt, state }) =>
        remindAt === null || state === 'resolved' ? [] : { id, subject, remindAt, account: named },
      ),
    )
    for (const { id, subject, remindAt, account } of waiting) {
      const name = `${id} ${remindAt}`
      if (remindAt > now || published.has(name)) continue
      published.add(name)
      publish({ type: 'reminder', id, subject, account })
    }
    const next = Math.min(...waiting.map(({ remindAt }) => remindAt).filter((at) => at > now))
    // At least a second, because a fixed clock (`CARAT_NOW`) never reaches the due time.
    if (Number.isFinite(next)) timer = setTimeout(check, Math.min(maxTimerMs, Math.max(1_000, next - now)))
  }

  check()
  return { check, close: () => clearTimeout(timer) }
}
