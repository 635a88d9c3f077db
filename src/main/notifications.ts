import { Notification } from 'electron'
import { label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'

/** Tells the system that a message to support waits for an answer; a click brings the window up. */
export function remind(subject: string, language: Language, show: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title: label('notice.reminder', language), body: subject })
  notification.on('click', show)
  notification.show()
}
