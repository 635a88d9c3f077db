import type { SupportCase } from '../../shared/views.ts'

/** Whether the day has come on which the user wanted to look for an answer. */
export const isReminderDue = ({ remindAt, state }: SupportCase, now: number): boolean =>
  remindAt !== null && remindAt <= now && state !== 'resolved'
