import { app, Notification as SystemNotification } from 'electron'
import { mergeNotifications, quietMinutes } from '../core/domain/notification-rules.ts'
import { notificationPath, notificationText } from '../core/host/notification-text.ts'
import type { Log } from '../core/ports.ts'
import type { Notification, NotificationKind } from '../shared/notifications.ts'
import type { Settings } from '../shared/settings.ts'

export interface NotifierParts {
  log: Log
  settings(): Settings
  /** Whether the user looks at the window, which then shows the change itself. */
  isInFront(): boolean
  /** Shows the window, at a path of the page if there is one. */
  show(path: string | null): void
}

const minuteMs = 60_000

/**
 * Returns a function that shows notifications of the core by the user's settings. Those of quiet hours are shown when they end,
 * as one of each kind.
 */
export function createNotifier(parts: NotifierParts): (notification: Notification) => void {
  const { log, settings, isInFront, show } = parts
  // Held until its end: otherwise it is collected, and a click on it has no effect.
  const shown = new Set<SystemNotification>()
  const waiting = new Map<NotificationKind, Notification>()
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
    const earlier = waiting.get(notification.kind)
    waiting.set(notification.kind, earlier ? mergeNotifications(earlier, notification) : notification)
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
      show(path)
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

  return notify
}

/** Answers clicks on notifications of an earlier start, which have no object in this process. */
function answerEarlier(show: (path: string | null) => void, hold: (entry: SystemNotification) => void): void {
  // Windows tells only that it was clicked; a click on one of this process is answered by its own listener as well.
  if (process.platform === 'win32') SystemNotification.handleActivation(() => show(null))
  if (process.platform !== 'darwin') return
  const answer = (earlier: SystemNotification[]) => {
    for (const entry of earlier) {
      hold(entry)
      entry.on('click', () => show(entry.id.startsWith('/') ? entry.id : null))
    }
  }
  SystemNotification.getHistory().then(answer, () => {})
}
