/** The work for many transactions grows with their number, not with its square. Counted in rows, not in time. */

import { expect, it } from 'vitest'
import { createService } from '../../src/core/service/client.ts'
import type { CreditTransaction } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { sources } from '../../src/core/sync/sources.ts'
import { temporaryFolder, testClock } from '../support/core.ts'
import { applyChangesPage, applyListingPage, changesPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

const now = midnight + 30 * 86_400_000
const service = createService({
  api: 'http://service.test',
  clock: testClock(now),
  secrets: { accessToken: async () => null, refresh: async () => null, account: async () => null },
})
const [jobs, otherJobs, credits] = sources(service)
const pageOf = (items: { id: string }[], nextPage: string | null) => ({
  items,
  quarantined: [],
  nextPage,
  changesCursor: 'c',
  total: null,
  requestedAt: now,
})

/** A connection that counts the statements that run, and the rows that they give. */
function counting(database: Writable): { database: Writable; steps(): number } {
  let steps = 0
  const count = (result: unknown) => {
    steps += Array.isArray(result) ? result.length + 1 : 1
    return result
  }
  function* countEach(rows: Iterable<unknown>): Generator<unknown> {
    for (const row of rows) {
      steps++
      yield row
    }
  }
  const wrap = (statement: object): object =>
    new Proxy(statement, {
      get(target, name) {
        const member = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        if (name === 'pluck' || name === 'raw') return (...args: unknown[]) => wrap(member.apply(target, args))
        if (name === 'iterate') return (...args: unknown[]) => countEach(member.apply(target, args))
        return (...args: unknown[]) => count(member.apply(target, args))
      },
    })
  const proxy = new Proxy(database, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name === 'prepare') return (sql: string) => wrap(target.prepare(sql))
      return member.bind(target)
    },
  })
  return { database: proxy, steps: () => steps }
}

/** The steps in which `count` transactions are stored, newest page first, with their job before or after them. */
function stepsOf(count: number, change: (index: number) => Partial<CreditTransaction>, jobFirst: boolean): number {
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  const { database, steps } = counting(store.writer as Writable)
  database.pragma('synchronous = OFF')
  const { accountId } = saveAccount(database, makeAccount(), now)
  const applyJob = () =>
    applyListingPage(database, accountId, jobs as never, pageOf([makeJob({ id: 'job' })], 'p'), now)
  const rows = Array.from({ length: count }, (_, index) =>
    makeTransaction({
      id: `row-${index}`,
      jobId: 'job',
      agent: 'agent-1',
      occurredAt: midnight + index * minute,
      ...change(index),
    }),
  )
  if (jobFirst) applyJob()
  for (let end = count; end > 0; end -= 500) {
    const page = rows.slice(Math.max(0, end - 500), end).toReversed()
    applyListingPage(database, accountId, credits as never, pageOf(page, end > 500 ? `p${end}` : null), now)
  }
  if (!jobFirst) applyJob()
  expect(verifyStore(store.reader, now).filter(({ broken }) => broken > 0)).toEqual([])
  store.close()
  folder.remove()
  return steps()
}

const refund = { kind: 'refund', amount: 10 }
it.each<[string, (index: number) => Partial<CreditTransaction>]>([
  ['charges', () => ({})],
  ['charges and refunds', (index) => (index % 2 ? refund : {})],
  ['refunds that name their charge', (index) => (index % 2 ? { ...refund, reverses: `row-${index - 1}` } : {})],
  ['credits given and taken again', (index) => ({ kind: 'adjustment', amount: index % 2 ? 10 : -10 })],
])('%s of one job do not take the square of the steps', (_, change) => {
  // Each page reads the whole case once, which adds a little to the four times; sixteen times would be the square.
  for (const jobFirst of [true, false]) {
    const [few, many] = [1_000, 4_000].map((count) => stepsOf(count, change, jobFirst)) as [number, number]
    expect(many / few, jobFirst ? 'after the job' : 'before the job').toBeLessThan(8)
  }
})

/** The steps in which all is decided, once the credits were read to their end: failed jobs, and refunds that fit none of them. */
function stepsOfRefunds(count: number): number {
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  const { database, steps } = counting(store.writer as Writable)
  database.pragma('synchronous = OFF')
  const { accountId } = saveAccount(database, makeAccount(), now)
  const indexes = Array.from({ length: count }, (_, index) => index)
  const createdAt = (index: number) => midnight + index * minute
  const failure = { code: 'x', origin: 'system', message: null } as const
  const failed = indexes.map((index) =>
    makeJob({
      id: `job-${index}`,
      status: 'failed',
      failure,
      createdAt: createdAt(index),
      finishedAt: createdAt(index),
    }),
  )
  const rows = indexes.flatMap((index) => [
    makeTransaction({ id: `charge-${index}`, jobId: `job-${index}`, occurredAt: createdAt(index) }),
    makeTransaction({
      ...refund,
      id: `refund-${index}`,
      jobId: null,
      model: 'Another',
      occurredAt: createdAt(index) + 1,
    }),
  ])
  for (const [source, items] of [
    [jobs, failed],
    [otherJobs, []],
    [credits, rows],
  ] as const) {
    applyListingPage(database, accountId, source as never, pageOf([...items], null), now)
    applyChangesPage(database, accountId, source as never, changesPage([], { requestedAt: now }), now)
  }
  expect(verifyStore(store.reader, now).filter(({ broken }) => broken > 0)).toEqual([])
  store.close()
  folder.remove()
  return steps()
}

it('refunds without ids that fit no case are not read again for each case', () => {
  const [few, many] = [250, 1_000].map(stepsOfRefunds) as [number, number]
  expect(many / few).toBeLessThan(8)
})
