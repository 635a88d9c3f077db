/** The kinds of notifications. Each can be turned off. */
export const notificationKinds = ['refunded', 'overdue', 'ready', 'sign_in', 'expiring', 'reminder'] as const
export type NotificationKind = (typeof notificationKinds)[number]

/** An account as a notification names it: `id` as in `AccountItem`. */
export interface NotifiedAccount {
  id: string
  displayName: string
  signInMethod: string
}

/** A change that a host may tell the user about while the window is not in front. */
export interface Notification {
  kind: NotificationKind
  /** The account that it is about; null if the user has no other. */
  account: NotifiedAccount | null
  /** The names of its cases; empty if it is not about cases. */
  cases: string[]
  /** Credits that came back, are outstanding, or expire; 0 for other kinds. */
  credits: number
  /** The prompt of the only case, or the subject of a message. Hosts show it only if the user allows that. */
  text: string | null
  /** When the credits expire, in epoch milliseconds; null for other kinds. */
  at: number | null
}
