import type { RecordStream } from '../../src/shared/values.ts'
import type { CaseDetail, CaseItem, Evidence, JobDetail, JobItem, TimelineEntry } from '../../src/shared/views.ts'
import { caseOf, fixtureNow, ledger } from './fixture-records.ts'

const minute = 60_000

export function detailOfCase(one: CaseItem): CaseDetail {
  const readAt = fixtureNow - 2 * minute
  const stream: RecordStream = one.agent === 'agent-1' ? 'jobs:agent-1' : 'jobs:agent-2'
  const line = (claim: Evidence['claim'], holds: boolean, change: Partial<Evidence> = {}): Evidence => ({
    claim,
    holds,
    stream: 'credits',
    readAt,
    at: null,
    amount: null,
    detail: null,
    ...change,
  })
  const failed = one.outcome === 'failed'
  return {
    ...one,
    transactions: ledger.filter((entry) => entry.case === one.case),
    evidence: [
      one.outcome === 'no_job'
        ? line('no_job_record', true, { stream })
        : line('job_status', true, { stream, detail: failed ? 'render_timeout' : one.outcome, at: one.since }),
      line('charged', one.charged > 0, { amount: one.charged, at: one.since - 3 * minute }),
      one.refunded > 0 ? line('refunded', true, { amount: one.refunded }) : line('no_refund', false),
      one.deadlineAt !== null && one.deadlineAt < fixtureNow
        ? line('wait_over_read_after', true, { at: one.deadlineAt })
        : line('wait_running', true, { at: one.deadlineAt }),
    ],
    failure: failed
      ? { code: 'render_timeout', origin: one.reason === 'policy_block' ? 'policy' : 'system', message: null }
      : null,
    chatUrl: one.jobId ? `https://carat.im/chat/${one.jobId}` : null,
    marks: { favorite: false, unwanted: false, note: null, dismissedAt: null },
    support: [],
  }
}

export function detailOfJob(job: JobItem): JobDetail {
  const entry = (type: TimelineEntry['type'], at: number, amount: number | null = null): TimelineEntry => ({
    type,
    at,
    amount,
    transactionId: amount === null ? null : `txn_${job.jobId}`,
  })
  const end = job.finishedAt
  return {
    ...job,
    startedAt: job.createdAt + 2000,
    failure: detailOfCase(caseOf(job)).failure,
    chatUrl: `https://carat.im/chat/${job.jobId}`,
    allResults: job.results,
    timeline: [
      entry('asked', job.createdAt),
      ...(job.charged ? [entry('charged', job.createdAt + 1000, -job.charged)] : []),
      entry('started', job.createdAt + 2000),
      ...(end ? [entry(job.outcome === 'failed' ? 'failed' : 'finished', end)] : []),
      ...(job.refunded ? [entry('refunded', job.createdAt + 5 * minute, job.refunded)] : []),
      ...(job.dueAt ? [entry('deadline', job.dueAt)] : []),
    ],
    case: detailOfCase(caseOf(job)),
  }
}
