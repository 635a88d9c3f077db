import type { CoreEventBody } from '../shared/events.ts'
import type { Notification } from '../shared/notifications.ts'
import type { RefundStatus } from '../shared/values.ts'
import type { Balance, SyncState } from '../shared/views.ts'
import { expiringBetween, kindOfChange } from './domain/notification-rules.ts'
import type { Clock } from './ports.ts'
import { activeAccount } from './store/accounts.ts'
import { parseStoredList } from './store/errors.ts'
import type { Writable } from './store/handles.ts'
import { takeStatusChanges, watchStatuses } from './store/status-changes.ts'

export interface Notifications {
  /** Call after each change of records or of the sync. Publishes only between syncs: a sync gives one of each kind. */
  check(): void
}

/**
 * Publishes notifications after each sync. The first sync of an account gives none: its changes are the order in which
 * records are read.
 */
export function startNotifications(
  database: Writable,
  clock: Clock,
  syncState: () => SyncState,
  publish: (event: CoreEventBody) => void,
): Notifications {
  watchStatuses(database)
  let wasComplete = syncState().lastSuccessAt !== null
  let wasSignedOut = false
  /** Until when the expiry of credits was looked at; before this process, when cases were decided last. */
  let lookedAt = activeAccount(database)?.evaluatedAt || clock.now()

  const tell = (notification: Partial<Notification> & Pick<Notification, 'kind'>) =>
    publish({ type: 'notification', notification: { cases: [], credits: 0, text: null, at: null, ...notification } })

  function tellExpiring(balances: readonly Balance[]): void {
    const now = clock.now()
    const expiring = expiringBetween(balances, lookedAt, now)
    lookedAt = now
    const [first] = expiring.toSorted((a, b) => a.expiresAt - b.expiresAt)
    if (!first) return
    tell({ kind: 'expiring', credits: expiring.reduce((sum, { amount }) => sum + amount, 0), at: first.expiresAt })
  }

  function tellChanges(accountId: number): void {
    const found = new Map<Notification['kind'], ReturnType<typeof takeStatusChanges>>()
    for (const change of takeStatusChanges(database, accountId)) {
      const kind = kindOfChange(change.before as RefundStatus, change.after)
      if (kind) found.set(kind, [...(found.get(kind) ?? []), change])
    }
    if (!wasComplete) return
    for (const [kind, changes] of found) {
      const credits = { refunded: 'refunded', overdue: 'outstanding' } as const
      const of = kind === 'refunded' || kind === 'overdue' ? credits[kind] : null
      tell({
        kind,
        cases: changes.map(({ name }) => name),
        credits: of ? changes.reduce((sum, change) => sum + change[of], 0) : 0,
        text: changes.length === 1 ? (changes[0]?.prompt ?? null) : null,
      })
    }
  }

  return {
    check() {
      const { status, lastSuccessAt } = syncState()
      if (status === 'running') return
      if (status === 'signed_out' && !wasSignedOut) tell({ kind: 'sign_in' })
      wasSignedOut = status === 'signed_out'
      const account = activeAccount(database)
      if (!account) return
      tellChanges(account.accountId)
      tellExpiring(parseStoredList<Balance>(account.balances))
      wasComplete = lastSuccessAt !== null
    },
  }
}
