/** Random histories of an account, the order in which they arrive, and the records that each leaves listed. */

import type { ReadUntil } from '../../src/core/domain/refund-status.ts'
import type { CreditTransaction, DeletedJob, Job, JobResult } from '../../src/core/service/schemas.ts'
import type { RecordStream } from '../../src/shared/values.ts'
import fc from '../support/fast-check.ts'
import { makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'
import { jobName } from './ledger-model.ts'

interface JobHistory {
  versions: Job[]
  deletions: DeletedJob[]
}
export interface History {
  jobs: JobHistory[]
  transactions: CreditTransaction[]
  /** Transactions that the last snapshot lacks. */
  unlistedRows: Set<string>
  /** Jobs that the last snapshot of their agent lacks. */
  unlisted: Set<string>
}

const agent = fc.constantFrom('agent-1' as const, 'agent-2' as const)
// Few ids: both agents get jobs with the same id, and refunds match charges.
const jobId = fc.constantFrom('A', 'B', 'C')
export const minutes = fc.integer({ min: 0, max: 60 }).map((count) => midnight + count * minute)

const version = fc.record({
  status: fc.constantFrom('queued', 'running', 'succeeded', 'failed', 'canceled', 'paused'),
  failure: fc.option(
    fc.constantFrom('system', 'policy', 'user', 'weather').map((origin) => ({ code: 'broken', origin, message: null })),
  ),
  results: fc.constantFrom<JobResult[]>([], [makeResult('one')], [makeResult('one'), makeResult('two')]),
  finishedAt: fc.option(minutes),
  requestedResults: fc.integer({ min: 0, max: 3 }),
  chatId: fc.constantFrom('chat-1', 'chat-2'),
  // Mostly the same time; a service may correct itself.
  createdAt: fc.oneof({ weight: 4, arbitrary: fc.constant(midnight) }, { weight: 1, arbitrary: minutes }),
})

/** The revisions of a job: odd ones have content, and even ones are deletions after some of them. */
const jobHistory = fc
  .record({
    agent,
    id: jobId,
    versions: fc.array(fc.record({ content: version, deletedAfter: fc.boolean() }), { minLength: 1, maxLength: 3 }),
  })
  .map(
    ({ agent, id, versions }): JobHistory => ({
      versions: versions.map(({ content }, index) => makeJob({ agent, id, ...content, revision: 2 * index + 1 })),
      deletions: versions.flatMap(({ deletedAfter }, index) =>
        deletedAfter ? [{ agent, id, revision: 2 * index + 2, deleted: true as const }] : [],
      ),
    }),
  )

const transaction = fc.record({
  kind: fc.constantFrom(
    'charge',
    'charge',
    'charge',
    'refund',
    'refund',
    'grant',
    'adjustment',
    'taken',
    'expiry',
    'bonus',
  ),
  feature: fc.constantFrom('image', 'video', 'other', null, 'chat', 'web_search', 'hologram'),
  amount: fc.integer({ min: 0, max: 4 }),
  occurredAt: minutes,
  expiresAt: fc.option(minutes),
  jobId: fc.option(fc.oneof(jobId, fc.constant('unknown'))),
  agent: fc.option(agent),
  reverses: fc.option(fc.constantFrom(0, 1, 2, 3, 4, 5, 'unknown')),
})

const transactions = fc.array(transaction, { maxLength: 14 }).map((rows) =>
  rows.map(({ amount, reverses, ...row }, index) =>
    makeTransaction({
      ...row,
      // An adjustment may take credits, too.
      kind: row.kind === 'taken' ? 'adjustment' : row.kind,
      id: `transaction-${index}`,
      amount: ['charge', 'expiry', 'taken'].includes(row.kind) ? -amount : amount,
      reverses: reverses === null || ['charge', 'expiry'].includes(row.kind) ? null : `transaction-${reverses}`,
    }),
  ),
)

export const histories: fc.Arbitrary<History> = fc
  .record({
    jobs: fc.uniqueArray(jobHistory, {
      maxLength: 6,
      selector: ({ versions }) => jobName(versions[0] as Job),
    }),
    transactions,
    unlistedRows: fc.array(fc.nat(13), { maxLength: 5 }),
    unlisted: fc.array(fc.nat(5), { maxLength: 2 }),
  })
  .map(({ jobs, transactions, unlistedRows, unlisted }) => ({
    jobs,
    transactions,
    unlistedRows: new Set(transactions.filter((_, index) => unlistedRows.includes(index)).map((row) => row.id)),
    unlisted: new Set(jobs.filter((_, index) => unlisted.includes(index)).map((job) => jobName(latest(job)))),
  }))

export const latest = ({ versions }: JobHistory): Job => versions.at(-1) as Job
export const isDeleted = (job: JobHistory): boolean => (job.deletions.at(-1)?.revision ?? 0) > latest(job).revision

const oldestOf = (times: readonly number[]): number => Math.min(Number.POSITIVE_INFINITY, ...times)

/** The transactions that count as retracted: they are no longer listed although older transactions are. */
export function retractedRows({ transactions, unlistedRows }: History): Set<string> {
  const listed = transactions.filter(({ id }) => !unlistedRows.has(id))
  const oldest = oldestOf(listed.map(({ occurredAt }) => occurredAt))
  return new Set(transactions.filter((row) => unlistedRows.has(row.id) && row.occurredAt > oldest).map(({ id }) => id))
}

/** The names of the jobs that count as removed: deleted, or no longer listed although older jobs are. */
export function expectedRemovedJobs({ jobs, unlisted }: History): string[] {
  const isListed = (job: History['jobs'][number]) => !isDeleted(job) && !unlisted.has(jobName(latest(job)))
  const missing = jobs.filter((job) => {
    const { agent, createdAt } = latest(job)
    const listed = jobs.filter((other) => latest(other).agent === agent && isListed(other))
    return isDeleted(job) || (!isListed(job) && createdAt > oldestOf(listed.map((other) => latest(other).createdAt)))
  })
  return missing.map((job) => jobName(latest(job))).sort()
}

/** How a history arrives: order, page sizes and duplicates. */
export interface Plan {
  seed: number
  pageSize: number
  /** Pages of the first snapshot; the rest arrives as changes. */
  listedPages: number
  duplicates: number
}

export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  pageSize: fc.integer({ min: 1, max: 6 }),
  listedPages: fc.integer({ min: 0, max: 3 }),
  duplicates: fc.double({ min: 0, max: 0.5, noNaN: true }),
})

export type Reads = Record<RecordStream, number>
export const reads: fc.Arbitrary<Reads> = fc.record({
  'jobs:agent-1': minutes,
  'jobs:agent-2': minutes,
  credits: minutes,
})

/** Later and earlier times to decide the cases again: around the ends of the waits. */
export const looks = fc
  .array(fc.record({ which: fc.nat(), off: fc.constantFrom(-1, 0, 1) }), { maxLength: 4 })
  .map(
    (drawn) => (deadlines: number[]) =>
      deadlines.length === 0
        ? []
        : drawn.map(({ which, off }) => (deadlines[which % deadlines.length] as number) + off),
  )

/** Mixes the steps of all streams and keeps the order within each. */
export function interleaved<Step>(streams: Step[][], random: () => number): Step[] {
  const queues = streams.map((steps) => [...steps])
  const out: Step[] = []
  for (;;) {
    const waiting = queues.filter((queue) => queue.length > 0)
    const queue = waiting[Math.floor(random() * waiting.length)]
    if (!queue) return out
    out.push(queue.shift() as Step)
  }
}

/** The times of reading that a clock which was set back to `now` still accepts. */
export const withoutFuture = (readUntil: ReadUntil, now: number): ReadUntil => ({
  'jobs:agent-1': notAfter(readUntil['jobs:agent-1'], now),
  'jobs:agent-2': notAfter(readUntil['jobs:agent-2'], now),
  credits: notAfter(readUntil.credits, now),
})
const notAfter = (time: number | null, now: number) => (time !== null && time <= now ? time : null)
