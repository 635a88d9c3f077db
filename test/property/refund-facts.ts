/** Cases for the table of the refund rules, and the ends of their waits. */
import type { CaseFacts } from '../../src/core/domain/refund-status.ts'

export const midnight = Date.UTC(2026, 0, 28)
export const second = 1_000
/** A wait of 10 minutes for a refund, of 30 minutes for a result. */
export const policy = { refundGraceMs: 600 * second, generationLimitMs: 1_800 * second }
/** Milliseconds after midnight at which the waits end for a job that was created at 0:00 and ended at 0:01. */
export const limitOfCreation = 1_800_000
export const limitOfEnd = 1_860_000
export const graceOfEnd = 660_000

export const job: CaseFacts = {
  outcome: 'succeeded',
  failureOrigin: null,
  resultCount: 1,
  requestedResults: 1,
  agent: 'agent-1',
  createdAt: midnight,
  unsureMs: 0,
  finishedAt: midnight + 60 * second,
  charged: 10,
  refunded: 0,
  refundedTries: 0,
  chargeRetracted: false,
  surplus: 0,
  refundLapsed: false,
  lastChargedAt: midnight,
  possibleRefund: false,
  isImported: false,
  jobDeleted: false,
  possibleDeletion: false,
  unreadable: [],
  lacksCharges: false,
}
export const failed: CaseFacts = { ...job, outcome: 'failed', failureOrigin: 'system', resultCount: 0 }
export const empty: CaseFacts = { ...job, resultCount: 0 }
export const running: CaseFacts = { ...job, outcome: 'running', resultCount: 0, finishedAt: null }
export const charge: CaseFacts = {
  ...job,
  outcome: 'no_job',
  resultCount: 0,
  requestedResults: 0,
  finishedAt: null,
  agent: null,
}
/** Charged again an hour after its creation, after the first charge came back. */
export const again: CaseFacts = {
  ...running,
  charged: 20,
  refunded: 10,
  refundedTries: 10,
  lastChargedAt: midnight + 3_600 * second,
}
export const limitOfRetry = 5_400_000
/** A charge of which a table states only the day. */
export const dayOnly: CaseFacts = { ...charge, unsureMs: 86_400_000 }
export const dayAndLimit = 86_400_000 + limitOfCreation
/** Two of four results at a price of 12. */
export const short: CaseFacts = { ...job, resultCount: 2, requestedResults: 4, charged: 12 }
/** Charged long after the job ended: the wait for a refund ends ten minutes later. */
export const lateCharge = 7_200_000
export const graceOfCharge = lateCharge + 600_000
