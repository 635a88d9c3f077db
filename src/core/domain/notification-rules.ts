/** When a change is worth a notification. */
import type { Notification } from '../../shared/notifications.ts'
import { isLost } from '../../shared/status-sets.ts'
import type { RefundStatus } from '../../shared/values.ts'
import type { Balance } from '../../shared/views.ts'
import { dayMs } from './days.ts'

/** The user is warned this long before credits expire. */
const leadMs = 3 * dayMs
const minutesPerDay = 1_440

/** The kind of notification for a case whose refund status changed; null for none. */
export function kindOfChange(before: RefundStatus, after: RefundStatus): 'refunded' | 'overdue' | 'ready' | null {
  // A charge that was read after its refund changes the status too, but nothing came back.
  if ((after === 'refunded' || after === 'partially_refunded') && before !== 'not_charged') return 'refunded'
  if (isLost(after) && !isLost(before)) return 'overdue'
  return before === 'in_progress' && after === 'completed' ? 'ready' : null
}

/**
 * The credits whose warning is due after `from` and no later than `to`, both epoch milliseconds. Daily free credits expire
 * every day and get no warning.
 */
export function expiringBetween(
  balances: readonly Balance[],
  from: number,
  to: number,
): (Balance & { expiresAt: number })[] {
  return balances.flatMap((balance) => {
    const { source, amount, expiresAt } = balance
    if (expiresAt === null || amount <= 0 || source === 'daily_free') return []
    const warnAt = expiresAt - leadMs
    return from < warnAt && warnAt <= to && expiresAt > to ? [{ ...balance, expiresAt }] : []
  })
}

/** Minutes until the quiet hours end, at a minute of the local day; 0 outside of them. */
export function quietMinutes({ from, until }: { from: number; until: number }, minuteOfDay: number): number {
  const start = from * 60
  const length = (until * 60 - start + minutesPerDay) % minutesPerDay
  const passed = (minuteOfDay - start + minutesPerDay) % minutesPerDay
  return passed < length ? length - passed : 0
}

/** Merges two notifications of one kind and account. If both are about the same case, the credits of the later one count. */
export function mergeNotifications(first: Notification, second: Notification): Notification {
  const cases = [...new Set([...first.cases, ...second.cases])]
  const repeats = cases.length < first.cases.length + second.cases.length
  return {
    kind: first.kind,
    account: first.account,
    cases,
    credits: repeats ? second.credits : first.credits + second.credits,
    text: null,
    at: first.at ?? second.at,
  }
}
