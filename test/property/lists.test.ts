/** Lists, counts, days and balances under random filters, compared with a check of every single row. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAccounts } from '../../src/core/store/accounts/accounts.ts'
import { textOfRow } from '../../src/core/store/ledger/ledger-texts.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import { outcomes, refundStatuses } from '../../src/shared/values.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { midnight, minute } from '../support/records.ts'
import { agents, day, fillAccounts, kinds, models, now } from './random-accounts.ts'

const folder = temporaryFolder()
let core: TestCore

beforeAll(() => {
  const store = openStore(folder.path)
  fillAccounts(store.writer)
  // There are no streams, so no stream counts these records.
  expect(brokenInvariants(store.writer)).toEqual([])
  store.close()
  core = openTestCore(folder.path, { url: 'http://127.0.0.1:1', token: '' }, testClock(now))
})
afterAll(async () => {
  await core.close()
  folder.remove()
})

async function ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
  const answer = await core.core.dispatch(route, input)
  if (!answer.ok) throw new Error(`${route}: ${answer.error.code} ${JSON.stringify(answer.error.params)}`)
  return answer.data as RouteOutput<R>
}

interface JobFacts {
  id: string
  account: string
  agent: string
  kind: string
  model: string
  prompt: string
  row_id: number
  outcome: string
  refund_status: string
  charged: number
  refunded: number
}
/** What the screens show: one of the accounts, or both together. */
const views = ['one account', 'all accounts'] as const
type View = (typeof views)[number]
const show = (view: View) => ask('accounts.show', { id: view === 'all accounts' ? null : 'account-1' })
const isInView = (view: View) => (view === 'all accounts' ? 'true' : `a.id = 'account-1'`)

const jobsInView = (view: View): JobFacts[] =>
  core.store.reader
    .prepare(
      `SELECT j.id, j.agent, j.kind, j.model, j.prompt, j.row_id, g.outcome, g.refund_status, c.charged, c.refunded,
         a.id AS account
       FROM jobs j JOIN refund_cases c ON c.case_id = j.row_id * 2 JOIN case_facets g USING (facet_id)
       JOIN accounts a ON a.account_id = j.account_id WHERE ${isInView(view)} ORDER BY j.row_id DESC`,
    )
    .all() as JobFacts[]

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined })
const time = fc.option(
  fc.oneof(
    fc.integer({ min: midnight - day, max: now + day }),
    // Around the start of a day in Korea, and of a crowded day.
    fc.integer({ min: -2, max: 2 }).map((off) => midnight + 4 * day + 15 * 60 * minute + off),
  ),
  { nil: undefined },
)
const jobFilters = fc.record(
  {
    agent: fc.constantFrom(undefined, ...agents),
    kinds: some(kinds),
    models: some(models),
    outcomes: some(outcomes),
    refundStatuses: some(refundStatuses),
    from: time,
    to: time,
    text: fc.constantFrom(undefined, undefined, '고양이', '바다 꽃', 'ㄱㅇㅇ', 'q'),
  },
  { noNullPrototype: true },
)
type JobFilter = RouteInput<'jobs.list'>

const dimensions = {
  agents: ['agent', 'agent'],
  kinds: ['kind', 'kinds'],
  models: ['model', 'models'],
  outcomes: ['outcome', 'outcomes'],
  refundStatuses: ['refund_status', 'refundStatuses'],
} as const

/** Whether a job matches a filter without one of its dimensions. */
function fits(job: JobFacts, filter: JobFilter, without?: string): boolean {
  const at = Math.floor(job.row_id / 1024)
  const says = { 고양이: ['고양이'], '바다 꽃': ['바다', '꽃'], ㄱㅇㅇ: ['고양이'], q: ['q'] }[filter.text ?? ''] ?? []
  return (
    (filter.from === undefined || at >= filter.from) &&
    (filter.to === undefined || at < filter.to) &&
    says.every((word) => job.prompt.includes(word)) &&
    Object.entries(dimensions).every(([dimension, [column, key]]) => {
      const wanted = [filter[key] ?? []].flat() as string[]
      return dimension === without || wanted.length === 0 || wanted.includes(job[column])
    })
  )
}

const countBy = <T>(rows: readonly T[], key: (row: T) => string | number | null): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const row of rows) {
    const value = key(row)
    if (value !== null) counts[value] = (counts[value] ?? 0) + 1
  }
  return counts
}

test.each(views)(
  'pages, counts and days of jobs of %s match a scan of all rows for any filter',
  {
    timeout: 120_000,
  },
  async (view) => {
    await show(view)
    const jobs = jobsInView(view)
    expect(jobs).toHaveLength(view === 'one account' ? 1_500 : 1_700)
    const named = ({ id, account }: JobFacts) => ({ id, account: view === 'one account' ? null : account })
    const property = fc.asyncProperty(jobFilters, fc.integer({ min: 20, max: 200 }), async (filter, limit) => {
      const expected = jobs.filter((job) => fits(job, filter))
      const found: { id: string; account: string | null }[] = []
      let shortPages = 0
      for (let before: string | undefined; ; ) {
        const page = await ask('jobs.list', { ...filter, before, limit })
        found.push(...page.items.map(({ jobId, account }) => ({ id: jobId, account })))
        if (page.next === null) break
        // The exact matches of a search end before a page of the second choice.
        if (page.items.length < limit) shortPages++
        expect(shortPages).toBeLessThanOrEqual(filter.text ? 1 : 0)
        before = page.next
      }
      expect(found).toEqual(expected.map(named))

      const counts = await ask('jobs.counts', filter)
      expect(counts).toMatchObject({ total: expected.length, isComplete: true })
      for (const [dimension, [column]] of Object.entries(dimensions)) {
        const within = jobs.filter((job) => fits(job, filter, dimension))
        expect(counts[dimension as keyof typeof dimensions], dimension).toEqual(countBy(within, (job) => job[column]))
      }

      const { text, ...filterOfDays } = filter
      const dayOf = (job: JobFacts) => Math.floor((job.row_id / 1024 + 9 * 60 * minute) / day) * day - 9 * 60 * minute
      const inDays = jobs.filter((job) => fits(job, filterOfDays))
      const byDay = Map.groupBy(inDays, dayOf)
      const isLost = (job: JobFacts) => ['refund_missing', 'result_missing'].includes(job.refund_status)
      const sum = (rows: JobFacts[], of: (job: JobFacts) => number) => rows.reduce((total, job) => total + of(job), 0)
      const answer = await ask('jobs.days', filterOfDays)
      expect(answer).toEqual({
        opened: [],
        total: inDays.length,
        days: [...byDay].map(([at, rows]) => ({
          day: at,
          jobs: rows.length,
          charged: sum(rows, (job) => job.charged),
          lost: sum(rows.filter(isLost), (job) => job.charged - job.refunded),
        })),
      })
      const [newest] = answer.days
      if (!newest) return
      const pages = await ask('jobs.pageKeys', { ...filterOfDays, day: newest.day, size: 20 })
      expect(pages.reduce((total, page) => total + page.jobs, 0)).toBe(newest.jobs)
      for (const { before, through, jobs: length } of pages.slice(0, 3)) {
        const page = await ask('jobs.list', { ...filterOfDays, before, through, limit: 100 })
        expect(page.items).toHaveLength(length)
      }
    })
    await fc.assert(property, { numRuns: 150 })
  },
)

interface RowFacts {
  id: string
  account: string
  kind: string
  feature: string | null
  source: string | null
  agent: string | null
  amount: number
  retracted_at: number | null
}
const rowsInView = (view: View): RowFacts[] =>
  core.store.reader
    .prepare(
      `SELECT t.id, a.id AS account, t.kind, ${textOfRow('feature', 't')} AS feature, ${textOfRow('source', 't')} AS source, coalesce(t.agent, g.agent) AS agent, t.amount,
         t.retracted_at
       FROM credit_transactions t LEFT JOIN refund_cases c ON c.case_id = t.case_id LEFT JOIN case_facets g ON g.facet_id = c.facet_id
       JOIN accounts a ON a.account_id = t.account_id WHERE ${isInView(view)} ORDER BY t.row_id DESC`,
    )
    .all() as RowFacts[]

const ledgerFilters = fc.record(
  {
    agent: fc.constantFrom(undefined, ...agents),
    kinds: some(['charge', 'refund', 'grant', 'expiry', 'adjustment']),
    features: some(['image', 'video', 'chat'] as const),
    sources: some(['subscription', 'top_up'] as const),
  },
  { noNullPrototype: true },
)

test.each(views)(
  'pages, balances and counts of the ledger of %s match a scan of all rows for any filter',
  {
    timeout: 120_000,
  },
  async (view) => {
    await show(view)
    const rows = rowsInView(view)
    expect(rows).toHaveLength(view === 'one account' ? 2_250 : 2_550)
    // A balance is that of one account, in whichever view.
    const left = new Map(listAccounts(core.store.reader).map(({ id, balance }) => [id, balance]))
    const balances = new Map<RowFacts, number>()
    for (const row of rows) {
      const balance = left.get(row.account) as number
      balances.set(row, balance)
      if (row.retracted_at === null) left.set(row.account, balance - row.amount)
    }
    const isOneOf = (wanted: readonly string[] | undefined, value: string | null) =>
      !wanted || (value !== null && wanted.includes(value))
    const property = fc.asyncProperty(ledgerFilters, fc.integer({ min: 20, max: 200 }), async (filter, limit) => {
      const { agent, kinds, features, sources: from } = filter
      const ofAgent = rows.filter((row) => agent === undefined || row.agent === agent)
      const expected = ofAgent.filter(
        (row) => isOneOf(kinds, row.kind) && isOneOf(features, row.feature) && isOneOf(from, row.source),
      )
      const found: { id: string; account: string | null; balance: number | null }[] = []
      for (let before: string | undefined; ; ) {
        const page = await ask('credits.list', { ...filter, before, limit })
        found.push(...page.items.map(({ id, account, runningBalance }) => ({ id, account, balance: runningBalance })))
        if (page.next === null) break
        before = page.next
      }
      const named = (row: RowFacts) => (view === 'one account' ? null : row.account)
      expect(found).toEqual(expected.map((row) => ({ id: row.id, account: named(row), balance: balances.get(row) })))

      const counts = await ask('credits.counts', { agent, kinds, features })
      const shown = ofAgent.filter((row) => isOneOf(kinds, row.kind) && isOneOf(features, row.feature))
      expect(counts).toEqual({
        total: shown.length,
        kinds: countBy(
          ofAgent.filter((row) => isOneOf(features, row.feature)),
          (row) => row.kind,
        ),
        features: countBy(
          ofAgent.filter((row) => isOneOf(kinds, row.kind)),
          (row) => row.feature,
        ),
      })
    })
    await fc.assert(property, { numRuns: 60 })
  },
)

test.each(views)(
  'cases of %s of every status and agent match a scan of all rows, without dismissed ones',
  async (view) => {
    await show(view)
    interface CaseFacts {
      case_id: number
      refund_status: (typeof refundStatuses)[number]
      agent: string | null
      dismissed_at: number | null
      owed: number
    }
    const cases = core.store.reader
      .prepare(
        `SELECT c.case_id, g.refund_status, g.agent, c.dismissed_at, c.charged - c.refunded AS owed
       FROM refund_cases c JOIN case_facets g USING (facet_id) JOIN accounts a ON a.account_id = c.account_id
       WHERE ${isInView(view)} ORDER BY c.case_id DESC`,
      )
      .all() as CaseFacts[]
    for (const agent of [undefined, ...agents]) {
      const own = cases.filter((row) => agent === undefined || row.agent === agent)
      const counts = await ask('refunds.counts', { agent })
      for (const status of refundStatuses) {
        const rows = own.filter((row) => row.refund_status === status)
        const credits = rows.reduce((total, row) => total + row.owed, 0)
        expect(counts.byStatus[status], `${status} of ${agent}`).toEqual({ cases: rows.length, credits })
        const open = rows.filter((row) => row.dismissed_at === null)
        const page = await ask('refunds.list', { agent, tab: 'open', statuses: [status], limit: 500 })
        const isOpen = !['partially_refunded', 'refunded', 'completed', 'not_charged'].includes(status)
        expect(page.items.length, `open ${status} of ${agent}`).toBe(isOpen ? open.length : 0)
      }
      const attention = own.filter((row) => refundStatuses.indexOf(row.refund_status) < 3 && row.dismissed_at === null)
      expect(counts.attention).toBe(attention.length)
      expect(counts.attentionCredits).toBe(attention.reduce((total, row) => total + row.owed, 0))
      expect(counts.all).toBe(own.length)
    }
  },
)
