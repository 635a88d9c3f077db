import { app, Notification as SystemNotification } from 'electron'
import { mergeNotifications, quietMinutes } from '../core/domain/notification-rules.ts'
import { accountOfPath, notificationPath, notificationText } from '../core/host/notification-text.ts'
import type { Log } from '../core/ports.ts'
import type { HostCore } from '../core/workers/launch.ts'
import type { CoreEvent } from '../shared/events.ts'
import type { AccountItem } from '../shared/import-views.ts'
import type { Notification } from '../shared/notifications.ts'
import type { Settings } from '../shared/settings.ts'

export interface NotifierParts {
  log: Log
  settings(): Settings
  /** Whether the user looks at the window, which then shows the change itself. */
  isInFront(): boolean
  /** Null if the core does not start. */
  core(): Promise<Pick<HostCore, 'request'> | null>
  /** Shows the window, at a path of the page if there is one. */
  show(path: string | null): void
}

const minuteMs = 60_000

/**
 * Returns a function that shows the notifications and reminders among the core's events by the user's settings. Those of quiet
 * hours are shown when they end, as one of each kind and account.
 */
export function createNotifier(parts: NotifierParts): (event: CoreEvent) => void {
  const { log, settings, isInFront, core } = parts
  const show = async (path: string | null) => {
    const account = path && accountOfPath(path)
    if (account) await showAccount(await core(), account)
    parts.show(path)
  }
  // Held until its end: otherwise it is collected, and a click on it has no effect.
  const shown = new Set<SystemNotification>()
  const waiting = new Map<string, Notification>()
  let timer: NodeJS.Timeout | undefined
  answerEarlier(show, (entry) => shown.add(entry))

  function notify(notification: Notification): void {
    const { muted, quietHours } = settings().notifications
    if (muted.includes(notification.kind) || isInFront()) return
    const now = new Date()
    const quiet = quietHours ? quietMinutes(quietHours, now.getHours() * 60 + now.getMinutes()) : 0
    if (quiet === 0) {
      present(notification)
      return
    }
    const key = `${notification.kind} ${notification.account?.id ?? ''}`
    const earlier = waiting.get(key)
    waiting.set(key, earlier ? mergeNotifications(earlier, notification) : notification)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const held = [...waiting.values()]
      waiting.clear()
      for (const one of held) notify(one)
    }, quiet * minuteMs)
  }

  function present(notification: Notification): void {
    if (!SystemNotification.isSupported()) return
    const { language, notifications } = settings()
    const path = notificationPath(notification)
    const text = notificationText(notification, language, notifications.showsText)
    const entry = new SystemNotification({ ...text, id: path, groupId: notification.kind })
    const forget = () => shown.delete(entry)
    shown.add(entry)
    entry.on('click', () => {
      forget()
      void show(path)
    })
    entry.on('close', forget)
    entry.on('failed', (_, error) => {
      forget()
      // macOS shows none of an app that is not signed: the icon in the Dock asks for attention instead.
      log.warn('notification_failed', { error })
      app.dock?.bounce('informational')
    })
    entry.show()
  }

  return (event) => {
    if (event.type === 'notification') notify(event.notification)
    if (event.type !== 'reminder') return
    const { account, subject } = event
    notify({ kind: 'reminder', account, cases: [], credits: 0, text: subject, at: null })
  }
}

/** Lets the screens show an account if they do not show it yet. Does nothing if it was deleted. */
async function showAccount(core: Pick<HostCore, 'request'> | null, id: string): Promise<void> {
  const answer = await core?.request('accounts.list', {})
  const found = answer?.ok && (answer.data as AccountItem[]).find((account) => account.id === id)
  if (found && !found.isShown) await core?.request('accounts.show', { id })
}

/** Answers clicks on notifications of an earlier start, which have no object in this process. */
function answerEarlier(show: (path: string | null) => Promise<void>, hold: (entry: SystemNotification) => void): void {
  // Windows tells only that it was clicked; a click on one of this process is answered by its own listener as well.
  if (process.platform === 'win32') SystemNotification.handleActivation(() => void show(null))
  if (process.platform !== 'darwin') return
  const answer = (earlier: SystemNotification[]) => {
    for (const entry of earlier) {
      hold(entry)
      entry.on('click', () => void show(entry.id.startsWith('/') ? entry.id : null))
    }
  }
  SystemNotification.getHistory().then(answer, () => {})
}
