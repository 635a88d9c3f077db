import { Notification } from 'electron'
import { label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'

/** Shows a system notification that a support case is due; a click raises the window. */
export function remind(subject: string, language: Language, show: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title: label('notice.reminder', language), body: subject })
  notification.on('click', show)
  notification.show()
}
