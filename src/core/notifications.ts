import type { CoreEventBody } from '../shared/events.ts'
import type { Notification, NotifiedAccount } from '../shared/notifications.ts'
import type { RefundStatus } from '../shared/values.ts'
import type { Balance, SyncState } from '../shared/views.ts'
import { expiringBetween, kindOfChange } from './domain/notification-rules.ts'
import type { Clock } from './ports.ts'
import { notifyingAccounts } from './store/accounts/account-scope.ts'
import { syncedAccount } from './store/accounts/accounts.ts'
import { type StatusChange, takeStatusChanges, watchStatuses } from './store/cases/status-changes.ts'
import { parseStoredList } from './store/file/errors.ts'
import type { Writable } from './store/handles.ts'
import type { AccountRow } from './store/schema/views.ts'

export interface Notifications {
  /** Call after each change of records or of the sync. Publishes only between syncs, so that a sync gives one of each kind. */
  check(): void
}

/**
 * Publishes notifications after each sync, separately for each account. The first sync of an account gives none, because its status
 * changes only show the order in which records arrive.
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
  const startedAt = clock.now()
  /** The time until which expiring credits were checked; at first, the time at which cases were last decided. */
  const checkedUntil = new Map(
    notifyingAccounts(database).map(({ account }) => [account.accountId, account.evaluatedAt || startedAt]),
  )

  const notify = (notification: Partial<Notification> & Pick<Notification, 'kind' | 'account'>) =>
    publish({ type: 'notification', notification: { cases: [], credits: 0, text: null, at: null, ...notification } })

  function notifyExpiring({ accountId, balances }: AccountRow, named: NotifiedAccount | null): void {
    const now = clock.now()
    const expiring = expiringBetween(parseStoredList<Balance>(balances), checkedUntil.get(accountId) ?? startedAt, now)
    checkedUntil.set(accountId, now)
    const [first] = expiring.toSorted((a, b) => a.expiresAt - b.expiresAt)
    if (!first) return
    const credits = expiring.reduce((sum, { amount }) => sum + amount, 0)
    notify({ kind: 'expiring', account: named, credits, at: first.expiresAt })
  }

  function notifyChanges(changes: readonly StatusChange[], named: NotifiedAccount | null): void {
    const found = new Map<Notification['kind'], StatusChange[]>()
    for (const change of changes) {
      const kind = kindOfChange(change.before as RefundStatus, change.after)
      if (kind) found.set(kind, [...(found.get(kind) ?? []), change])
    }
    for (const [kind, changes] of found) {
      const credits = { refunded: 'refunded', overdue: 'outstanding' } as const
      const of = kind === 'refunded' || kind === 'overdue' ? credits[kind] : null
      notify({
        kind,
        account: named,
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
      const synced = syncedAccount(database)?.accountId
      const accounts = notifyingAccounts(database)
      if (status === 'signed_out' && !wasSignedOut) {
        const account = accounts.find(({ account }) => account.accountId === synced)?.named ?? null
        notify({ kind: 'sign_in', account })
      }
      wasSignedOut = status === 'signed_out'
      const changes = Map.groupBy(takeStatusChanges(database), ({ accountId }) => accountId)
      for (const { account, named } of accounts) {
        if (wasComplete || account.accountId !== synced) notifyChanges(changes.get(account.accountId) ?? [], named)
        notifyExpiring(account, named)
      }
      wasComplete = lastSuccessAt !== null
    },
  }
}
