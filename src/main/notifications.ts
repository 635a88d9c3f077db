import { Notification } from 'electron'
import type { Log } from '../core/ports.ts'

interface Notice {
  title: string
  body: string
  onClick(): void
}

/** Returns a function that shows a notification of the system. */
export function createNotifier(log: Log): (notice: Notice) => void {
  // Held until its end: otherwise it is collected, and a click on it has no effect.
  const shown = new Set<Notification>()
  return ({ title, body, onClick }) => {
    if (!Notification.isSupported()) return
    const notification = new Notification({ title, body })
    const forget = () => shown.delete(notification)
    shown.add(notification)
    notification.on('click', () => {
      forget()
      onClick()
    })
    notification.on('close', forget)
    notification.on('failed', (_, error) => {
      forget()
      // macOS shows none of an app that is not signed; the page shows the notice as well.
      log.warn('notification_failed', { error })
    })
    notification.show()
  }
}
