import { expect, test } from 'vitest'
import type { ReadUntil } from '../../src/core/domain/refund-status.ts'
import type { Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { evaluateCases } from '../../src/core/store/cases/due-cases.ts'
import { rebuildAll } from '../../src/core/store/projections/projection.ts'
import { saveShortenings } from '../../src/core/store/streams.ts'
import { applyPages, isOfChanges, type ReceivedPage } from '../../src/core/sync/pages.ts'
import { acceptListing, restartListing } from '../../src/core/sync/snapshots.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { RecordStream } from '../../src/shared/values.ts'
import fc from '../support/fast-check.ts'
import { withStore } from '../support/hooks.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { applyChangesPage, applyListingPage, changesPage, listingPage, sourceOf } from '../support/pages.ts'
import { chunks, shuffled } from '../support/random.ts'
import { makeAccount, midnight, minute } from '../support/records.ts'
import { deleteAccount } from './delete-account.ts'
import { expectedCases, expectedLinks, jobName } from './ledger-model.ts'
import {
  expectedRemovedJobs,
  type History,
  histories,
  interleaved,
  isDeleted,
  latest,
  looks,
  type Plan,
  plans,
  type Reads,
  reads,
  retractedRows,
  withoutFuture,
} from './random-histories.ts'
import { storedCases, storedLinks } from './stored-cases.ts'

const database = withStore()

const policy = { refundGraceMs: 10 * minute, generationLimitMs: 30 * minute }
const end = midnight + 100 * minute
let accounts = 0
/** The clock of the newest account: it never runs backwards. */
let clock = midnight
const clockAt = (time: number): number => {
  clock = Math.max(clock, time)
  return clock
}
function newAccount(): number {
  clock = midnight
  return saveAccount(database, makeAccount({ id: `account-${++accounts}` }), midnight).accountId
}

interface Step {
  stream: RecordStream
  apply(): void
  /** A page, which may be stored together with others. */
  received?: ReceivedPage & { at(): number }
}

const pageStep = (accountId: number, received: Required<Step>['received']): Step => ({
  stream: received.source.stream,
  apply: () => applyPages(database, accountId, [received], received.at()),
  received,
})

/** Whether a sync may store the pages of two steps in one transaction. */
const mayShare = (one: Step | undefined, { received }: Step): boolean =>
  one?.received !== undefined && received !== undefined && isOfChanges(one.received.page) === isOfChanges(received.page)

/** Stores some pages of snapshots, or of change feeds, that follow each other in one transaction. */
function inRounds(accountId: number, steps: readonly Step[], random: () => number): Step[] {
  const rounds: Step[][] = []
  for (const step of steps) {
    const round = rounds.at(-1)
    if (round && mayShare(round.at(-1), step) && random() < 0.5) round.push(step)
    else rounds.push([step])
  }
  return rounds.map((round) => {
    const pages = round.flatMap(({ received }) => received ?? [])
    const [first] = round as [Step]
    if (pages.length < 2) return first
    return {
      stream: first.stream,
      apply: () => applyPages(database, accountId, pages, Math.max(...pages.map(({ at }) => at()))),
    }
  })
}

type Item = { id: string }

/** The steps that deliver `items` of a stream: a first snapshot, then changes, some of them twice. */
function delivery(
  accountId: number,
  stream: RecordStream,
  items: readonly Item[],
  { pageSize, listedPages, duplicates }: Plan,
  random: () => number,
): Step[] {
  const repeated = items.filter(() => random() < duplicates)
  const pages = chunks(shuffled([...items, ...repeated], random), pageSize)
  const listed = pages.slice(0, listedPages)
  if (listed.length === 0) listed.push([])
  const from = sourceOf(stream)
  // The end of a job may count from when it was first seen, so jobs always arrive at the same time.
  const at = () => clockAt(stream === 'credits' ? midnight + Math.floor(random() * 100) * minute : end)
  return [
    ...listed.map((page, index) => {
      const nextPage = index + 1 < listed.length ? `page ${index + 1}` : null
      return pageStep(accountId, { source: from, page: listingPage(page, { nextPage }), at })
    }),
    ...pages
      .slice(listedPages)
      .map((page) => pageStep(accountId, { source: from, page: changesPage(page, { hasMore: true }), at })),
  ]
}

/** The steps of a new snapshot after the change feed was lost. A much shorter snapshot is confirmed. */
function relisting(
  accountId: number,
  stream: RecordStream,
  items: readonly Item[],
  { pageSize }: Plan,
  random: () => number,
): Step[] {
  const from = sourceOf(stream)
  const pages = chunks(shuffled(items, random), pageSize)
  if (pages.length === 0) pages.push([])
  return [
    { stream, apply: () => restartListing(database, accountId, from) },
    ...pages.map((page, index) => {
      const nextPage = index + 1 < pages.length ? `page ${index + 1}` : null
      return pageStep(accountId, { source: from, page: listingPage(page, { nextPage }), at: () => clockAt(end) })
    }),
    { stream, apply: () => acceptListing(database, accountId, from, clockAt(end)) },
  ]
}

/** The service lists everything that it had dropped unread: which records these are is no part of these histories. */
const listAgain = (accountId: number, stream: RecordStream): Step => ({
  stream,
  apply: () => saveShortenings(database, accountId, stream, []),
})

/** The last, empty page of a stream, requested at `requestedAt`. */
const caughtUp = (accountId: number, stream: RecordStream, requestedAt: number): Step =>
  pageStep(accountId, { source: sourceOf(stream), page: changesPage([], { requestedAt }), at: () => end })

function stepsOf(accountId: number, history: History, plan: Plan, readAt: Reads): Step[] {
  const random = seededRandom(plan.seed)
  const jobItems = (agent: Job['agent']) =>
    history.jobs
      .filter((job) => latest(job).agent === agent)
      .flatMap(({ versions, deletions }) => [...versions, ...deletions])
  const listedJobs = (agent: Job['agent']) =>
    history.jobs
      .filter((job) => latest(job).agent === agent && !isDeleted(job) && !history.unlisted.has(jobName(latest(job))))
      .map(latest)
  const standing = history.transactions.filter((row) => !history.unlistedRows.has(row.id))
  const whole = (stream: RecordStream, items: readonly Item[], listed: readonly Item[]) => [
    ...delivery(accountId, stream, items, plan, random),
    // The next snapshot may list records that this one lacks.
    ...relisting(
      accountId,
      stream,
      listed.filter(() => random() < 0.5),
      plan,
      random,
    ),
    ...relisting(accountId, stream, listed, plan, random),
    listAgain(accountId, stream),
    caughtUp(accountId, stream, readAt[stream]),
  ]
  const steps = interleaved(
    [
      whole('jobs:agent-1', jobItems('agent-1'), listedJobs('agent-1')),
      whole('jobs:agent-2', jobItems('agent-2'), listedJobs('agent-2')),
      whole('credits', history.transactions, standing),
    ],
    random,
  )
  return inRounds(accountId, steps, random)
}

const deadlinesOf = (cases: Map<string, object>): number[] =>
  [...cases.values()].flatMap((found) => (found as { deadlineAt: number | null }).deadlineAt ?? [])

const recordTables = ['jobs', 'results', 'credit_transactions', 'refund_cases', 'job_tombstones']
const contents = () => recordTables.map((table) => database.prepare(`SELECT * FROM ${table}`).all())

function storedRemovedJobs(accountId: number): string[] {
  const rows = database
    .prepare('SELECT agent, id FROM jobs WHERE account_id = ? AND removed_at IS NOT NULL')
    .all(accountId)
  return (rows as Job[]).map(jobName).sort()
}

test('gives the cases of a computation from scratch, for any order and page size', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(
      histories,
      fc.array(plans, { minLength: 2, maxLength: 3 }),
      reads,
      looks,
      (history, orders, readAt, looks) => {
        for (const plan of orders) {
          const accountId = newAccount()
          for (const step of stepsOf(accountId, history, plan, readAt)) {
            step.apply()
            expect(brokenInvariants(database)).toEqual([])
          }
          evaluateCases(database, caseContext(database, accountId, end))
          rebuildAll(database, end)
          const known = {
            jobs: history.jobs.map(latest),
            transactions: history.transactions,
            retracted: retractedRows(history),
            endSeenAt: end,
            creditsRead: true,
          }
          expect(storedLinks(database, accountId)).toEqual(expectedLinks(known))
          const expected = expectedCases(known, policy, readAt, end)
          expect(storedCases(database, accountId)).toEqual(expected)
          let readUntil: ReadUntil = readAt
          let lastLook = end
          for (const now of looks(deadlinesOf(expected))) {
            if (now < lastLook) {
              readUntil = withoutFuture(readUntil, now)
              // An end that was seen while the clock was ahead was seen by now at the latest.
              known.endSeenAt = Math.min(known.endSeenAt, now)
            }
            lastLook = now
            evaluateCases(database, caseContext(database, accountId, now))
            rebuildAll(database, now)
            expect(storedCases(database, accountId)).toEqual(expectedCases(known, policy, readUntil, now))
            expect(brokenInvariants(database)).toEqual([])
          }
          expect(storedRemovedJobs(accountId)).toEqual(expectedRemovedJobs(history))
          deleteAccount(database, accountId)
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('changes nothing if the same page arrives twice', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(histories, plans, reads, (history, plan, readAt) => {
      const accountId = newAccount()
      const random = seededRandom(plan.seed)
      for (const stream of ['jobs:agent-1', 'jobs:agent-2', 'credits'] as const) {
        applyListingPage(database, accountId, sourceOf(stream), listingPage<Item>([]), midnight)
      }
      const items: Record<RecordStream, Item[]> = {
        'jobs:agent-1': [],
        'jobs:agent-2': [],
        credits: [...history.transactions],
      }
      for (const { versions, deletions } of history.jobs) {
        for (const item of [...versions, ...deletions]) items[`jobs:${item.agent}`].push(item)
      }
      for (const stream of ['credits', 'jobs:agent-1', 'jobs:agent-2'] as const) {
        for (const page of chunks(shuffled(items[stream], random), plan.pageSize)) {
          const delivered = changesPage(page, { requestedAt: readAt[stream] })
          applyChangesPage(database, accountId, sourceOf(stream), delivered, end)
          const before = contents()
          const again = applyChangesPage(database, accountId, sourceOf(stream), delivered, end + minute)
          expect(again).toMatchObject({ added: 0, updated: 0, quarantined: 0, cases: 0 })
          expect(contents()).toEqual(before)
        }
      }
      deleteAccount(database, accountId)
    }),
    { numRuns: 60 },
  )
})
