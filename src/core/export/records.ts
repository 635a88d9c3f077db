/** The shapes of exported records. Times are RFC 3339 in UTC, amounts whole credits. */
import type { Finding, JobItem, LedgerItem, Marks, SupportCase } from '../../shared/views.ts'
import { type toBareCase, transactionIdsOf } from '../store/cases/case-queries.ts'
import type { Readable } from '../store/handles.ts'
import type { WholeJob } from '../store/jobs/whole-jobs.ts'

const time = (value: number | null): string | null => (value === null ? null : new Date(value).toISOString())

export const jobRecord = (job: Omit<JobItem, 'account' | 'results'>) => ({
  jobId: job.jobId,
  agent: job.agent,
  chatId: job.chatId,
  chatTitle: job.chatTitle,
  kind: job.kind,
  model: job.model,
  prompt: job.prompt,
  outcome: job.outcome,
  refundStatus: job.refundStatus,
  resultCount: job.resultCount,
  createdAt: time(job.createdAt),
})

/** A job with everything that an import needs to bring it back; the columns of a workbook are those of `jobRecord`. */
export const exportedJob = (job: Parameters<typeof jobRecord>[0], whole: WholeJob | undefined) => ({
  ...jobRecord(job),
  ...(whole && {
    ...whole,
    startedAt: time(whole.startedAt),
    finishedAt: time(whole.finishedAt),
    removedAt: time(whole.removedAt),
  }),
})

export const creditRecord = (row: LedgerItem) => ({
  transactionId: row.id,
  kind: row.kind,
  feature: row.feature,
  source: row.source,
  amount: row.amount,
  balanceAfter: row.balanceAfter,
  runningBalance: row.runningBalance,
  occurredAt: time(row.occurredAt),
  agent: row.agent,
  model: row.model,
  memo: row.memo,
  jobId: row.statedJobId ?? row.jobId,
  reverses: row.reverses,
  expiresAt: time(row.expiresAt),
  retractedAt: time(row.retractedAt),
  case: row.case,
  refundStatus: row.refundStatus,
})

export const caseRecord = (database: Readable, caseId: number, item: ReturnType<typeof toBareCase>) => ({
  case: item.case,
  agent: item.agent,
  jobId: item.jobId,
  transactionIds: transactionIdsOf(database, caseId),
  outcome: item.outcome,
  refundStatus: item.refundStatus,
  reason: item.reason,
  charged: item.charged,
  refunded: item.refunded,
  outstanding: item.outstanding,
  since: time(item.since),
  unread: item.unread,
})

export const findingRecord = ({ kind, transactionIds, case: name, amount }: Finding) => ({
  kind,
  transactionIds,
  case: name,
  amount,
})

export const markRecord = (mark: Marks & { case: string; changedAt: number }) => ({
  case: mark.case,
  favorite: mark.favorite,
  unwanted: mark.unwanted,
  note: mark.note,
  dismissedAt: time(mark.dismissedAt),
  changedAt: time(mark.changedAt),
})

export const supportRecord = (entry: SupportCase) => ({
  cases: entry.cases,
  state: entry.state,
  subject: entry.subject,
  text: entry.text,
  remindAt: time(entry.remindAt),
  closedBy: entry.closedBy,
  createdAt: time(entry.createdAt),
  changedAt: time(entry.changedAt),
})
