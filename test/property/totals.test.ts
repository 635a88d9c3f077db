/** Sums per day, the flow of credits and changes of the balance, in any time zone, compared with every row read one by one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastDays } from '../../src/core/domain/days.ts'
import { emptyFlow, flowSegmentOf } from '../../src/core/domain/flow.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { creditFlow } from '../../src/core/store/cases/credit-flow.ts'
import { noChanges } from '../../src/core/store/changes.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { countJobDays } from '../../src/core/store/jobs/job-counts.ts'
import { applyTransactions, retractUnlisted } from '../../src/core/store/ledger/credits.ts'
import { textOfRow } from '../../src/core/store/ledger/ledger-texts.ts'
import { changeBetween, dailyTotals } from '../../src/core/store/ledger/ledger-totals.ts'
import { applyChanges, markForRebuild, rebuildAll, rebuildSlice } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { Agent, RefundStatus } from '../../src/shared/values.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { agent1, agent2, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { draws } from '../support/random.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, minute } from '../support/records.ts'

const hour = 60 * minute
const day = 24 * hour
/** Zones whose clocks change, and zones that are off by 30 or 45 minutes. */
const zones = [
  ['Asia/Seoul', 'Asia/Tokyo', 'UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/St_Johns', 'America/New_York'],
  ['Europe/Berlin', 'Africa/Cairo', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Pacific/Kiritimati', 'Etc/GMT+12'],
].flat()
/** Records are near the days on which clocks change in these zones. */
const busyDays = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-04-24', '2026-09-27', '2026-10-25', '2026-11-01']
const end = Date.parse('2026-11-05T00:00:00Z')
const agents = ['agent-1', 'agent-2'] as const
const { pick, int, chance } = draws(seededRandom(11))

const folder = temporaryFolder()
let store: Store
let database: Writable

beforeAll(() => {
  store = openStore(folder.path)
  database = store.writer as Writable
  for (const id of ['account-2', 'account-1']) fill(saveAccount(database, makeAccount({ id }), end).accountId, id)
  expect(brokenInvariants(database).filter((name) => !/^(jobs:|credits|account)/.test(name))).toEqual([])
})
afterAll(() => {
  store.close()
  folder.remove()
})

const anyTime = () => Date.parse(`${pick(busyDays)}T00:00:00Z`) + int(-2 * day, 2 * day)

/** A history with every shape that the totals treat in a way of its own. */
function fill(accountId: number, prefix: string): void {
  const jobs = Array.from({ length: 500 }, (_, index) => {
    const status = pick(['succeeded', 'succeeded', 'failed', 'running', 'canceled'])
    return makeJob({
      id: `${prefix}-${index}`,
      agent: pick(agents),
      kind: pick(['image', 'video']),
      model: pick(['Z Image', 'Kling 3.0']),
      status,
      failure: status === 'failed' ? { code: 'x', origin: pick(['system', 'policy']), message: null } : null,
      createdAt: anyTime(),
      results: status === 'succeeded' && chance(0.9) ? [makeResult('one')] : [],
    })
  })
  const rows = jobs.flatMap((job) => rowsOf(job))
  for (let index = 0; index < 200; index++) {
    const kind = pick(['charge', 'charge', 'grant', 'expiry', 'refund'])
    rows.push(
      makeTransaction({
        kind,
        amount: int(0, 30) * (kind === 'charge' || kind === 'expiry' ? -1 : 1),
        feature: kind === 'charge' ? pick(['chat', 'image', null]) : null,
        source: pick(['subscription', 'top_up', null]),
        occurredAt: anyTime(),
        agent: pick([...agents, null]),
      }),
    )
  }
  const transactions = rows.map((row, index) => ({ ...row, id: `${prefix}-${row.id}-${index}` }))
  for (const source of [agent1, agent2]) {
    const own: { id: string }[] = jobs.filter(({ agent }) => source.stream.endsWith(agent))
    applyListingPage(database, accountId, source, listingPage(own), end)
  }
  applyListingPage(database, accountId, credits, listingPage<{ id: string }>(transactions), end)
  const imported = Array.from({ length: 60 }, () =>
    makeImported({ occurredAt: anyTime(), amount: chance(0.8) ? -int(1, 30) : int(1, 30) }),
  )
  addTable(database, accountId, makeTable(imported.toSorted((a, b) => a.occurredAt - b.occurredAt)), end)
  database.transaction(() => {
    const listed = transactions.filter(() => chance(0.9))
    const changes = noChanges()
    applyTransactions(database, accountId, listed, { listingEpoch: 9, listing: true }, changes)
    applyChanges(database, caseContext(database, accountId, end), changes)
    const { cases } = retractUnlisted(database, accountId, 9, end)
    applyChanges(database, caseContext(database, accountId, end), { ...noChanges(), cases: new Set(cases) })
    database.exec('UPDATE refund_cases SET dismissed_at = 5 WHERE case_id / 2 % 9 = 0')
  })()
}

/** The rows of a job: charges close to it and far away, refunds of all, of some or of more, and credits that were taken again. */
function rowsOf({ id: jobId, agent: of, createdAt }: ReturnType<typeof makeJob>) {
  const named = { jobId, feature: 'image', source: 'subscription' }
  const agent = chance(0.5) ? of : null
  const charges = Array.from({ length: pick([0, 1, 1, 1, 2, 3]) }, (_, index) => {
    const distance = pick([0, 20_000, 20_000, 59 * minute, hour, hour + 1, 5 * hour, 3 * day]) * pick([1, 1, -1])
    return makeTransaction({ ...named, agent, id: `c${index}`, amount: -int(0, 30), occurredAt: createdAt + distance })
  })
  const refunds = Array.from({ length: pick([0, 0, 0, 1, 2]) }, (_, index) =>
    makeTransaction({
      ...named,
      agent,
      id: `r${index}`,
      kind: 'refund',
      amount: int(0, 40),
      occurredAt: createdAt + pick([hour, 2 * day]),
    }),
  )
  const taken = makeTransaction({ ...named, agent, id: 't', kind: 'adjustment', amount: -int(1, 40), occurredAt: end })
  return [...charges, ...refunds, ...(chance(0.1) ? [{ ...taken, occurredAt: createdAt + day }] : [])]
}

interface Row {
  row_id: number
  kind: string
  feature: string | null
  source: string | null
  agent: Agent | null
  amount: number
  retracted_at: number | null
  case_id: number | null
  refund_status: RefundStatus | null
  dismissed_at: number | null
  refunded: number
}
const accountId = 2
const allRows = (): Row[] =>
  database
    .prepare(
      `SELECT t.row_id, t.kind, ${textOfRow('feature', 't')} AS feature, ${textOfRow('source', 't')} AS source, coalesce(t.agent, f.agent) AS agent, t.amount, t.retracted_at, t.case_id,
         f.refund_status, c.dismissed_at, c.refunded
       FROM credit_transactions t LEFT JOIN refund_cases c ON c.case_id = t.case_id
       LEFT JOIN case_facets f ON f.facet_id = c.facet_id WHERE t.account_id = ? ORDER BY t.row_id`,
    )
    .all(accountId) as Row[]
const timeOf = (row: { row_id: number }) => Math.floor(row.row_id / 1024)

/** The local day from the platform's own calendar. */
const slowFormats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  ]),
)
function slowDay(time: number, timeZone: string): string {
  const parts = slowFormats.get(timeZone)?.formatToParts(time) ?? []
  const part = (type: string) => parts.find((found) => found.type === type)?.value
  return `${part('year')}-${part('month')}-${part('day')}`
}

const zone = fc.constantFrom(...zones)
const agent = fc.constantFrom(undefined, ...agents)
const dayCount = fc.constantFrom(1, 2, 7, 30, 250)
const anyNow = fc
  .tuple(fc.constantFrom(...busyDays), fc.integer({ min: -day, max: 2 * day }))
  .map(([one, distance]) => Date.parse(`${one}T00:00:00Z`) + distance)
const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined })
const filters = fc.record(
  {
    agent,
    kinds: some(['charge', 'refund', 'grant']),
    features: some(['image', 'chat'] as const),
    sources: some(['subscription', 'top_up'] as const),
  },
  { noNullPrototype: true },
)

function compareAll(numRuns: number): void {
  const rows = allRows()
  const sum = (some: readonly Row[]) => some.reduce((total, { amount }) => total + amount, 0)

  fc.assert(
    fc.property(filters, zone, dayCount, anyNow, (filter, timeZone, count, now) => {
      const isOneOf = (wanted: readonly string[] | undefined, value: string | null) =>
        !wanted || (value !== null && wanted.includes(value))
      const fitting = rows.filter(
        (row) =>
          row.retracted_at === null &&
          (filter.agent === undefined || row.agent === filter.agent) &&
          isOneOf(filter.kinds, row.kind) &&
          isOneOf(filter.features, row.feature) &&
          isOneOf(filter.sources, row.source),
      )
      const byDay = Map.groupBy(fitting, (row) => slowDay(timeOf(row), timeZone))
      const expected = lastDays(now, count, timeZone).map((one) => {
        const found = byDay.get(one.day) ?? []
        return {
          day: one.day,
          charged: 0 - sum(found.filter(({ kind }) => kind === 'charge')),
          refunded: sum(found.filter(({ kind }) => kind === 'refund')),
        }
      })
      expect(dailyTotals(database, accountId, filter, lastDays(now, count, timeZone))).toEqual(expected)
    }),
    { numRuns },
  )

  fc.assert(
    fc.property(agent, zone, dayCount, anyNow, (wanted, timeZone, count, now) => {
      const from = lastDays(now, count, timeZone)[0]?.from ?? 0
      const charges = rows.filter(
        (row) => row.kind === 'charge' && timeOf(row) >= from && (wanted === undefined || row.agent === wanted),
      )
      const expected = { ...emptyFlow }
      for (const found of Map.groupBy(charges, (row) => row.case_id).values()) {
        const [{ refund_status, dismissed_at, refunded: all } = {} as Row] = found
        const charged = -sum(found)
        if (refund_status === null) {
          expected.notGeneration += charged
          continue
        }
        const refunded = Math.min(charged, all)
        expected.refunded += refunded
        expected[flowSegmentOf(refund_status, dismissed_at !== null)] += charged - refunded
      }
      expect(creditFlow(database, accountId, wanted, from)).toEqual(expected)
    }),
    { numRuns },
  )

  const rowId = fc.oneof(
    fc.integer({ min: 0, max: rows.length - 1 }).map((index) => rows[index]?.row_id ?? 0),
    fc.integer({ min: Date.parse('2026-02-01') * 1024, max: end * 1024 }),
    fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
  )
  fc.assert(
    fc.property(rowId, rowId, (one, other) => {
      const [after, through] = [Math.min(one, other), Math.max(one, other)]
      const between = rows.filter((row) => row.row_id > after && row.row_id <= through && row.retracted_at === null)
      expect(changeBetween(database, accountId, after, through)).toBe(sum(between))
    }),
    { numRuns },
  )
}

function compareJobDays(): void {
  type Job = { agent: Agent; charged: number; refunded: number; refund_status: RefundStatus; row_id: number }
  const jobs = database
    .prepare(
      `SELECT j.agent, c.charged, c.refunded, f.refund_status, j.row_id FROM jobs j JOIN refund_cases c ON c.case_id = j.row_id * 2
       JOIN case_facets f ON f.facet_id = c.facet_id WHERE j.account_id = ? ORDER BY j.row_id DESC`,
    )
    .all(accountId) as Job[]
  for (const wanted of [undefined, ...agents]) {
    const own = jobs.filter((job) => wanted === undefined || job.agent === wanted)
    const byDay = Map.groupBy(own, (job) => Math.floor((timeOf(job) + 9 * hour) / day) * day - 9 * hour)
    const expected = [...byDay].map(([at, found]) => ({
      day: at,
      jobs: found.length,
      charged: found.reduce((total, { charged }) => total + charged, 0),
      lost: found
        .filter(({ refund_status }) => ['refund_missing', 'result_missing'].includes(refund_status))
        .reduce((total, { charged, refunded }) => total + charged - refunded, 0),
    }))
    expect(countJobDays(database, [accountId], { agent: wanted })).toEqual(expected)
  }
}

test('holds every shape that the totals treat in a way of its own', () => {
  const count = (sql: string) => database.prepare(`SELECT count(*) FROM ${sql}`).pluck().get()
  for (const shape of [
    `credit_transactions WHERE kind = 'charge' AND abs(row_id * 2 - case_id) > ${hour * 2048}`,
    `credit_transactions WHERE kind = 'charge' AND abs(row_id * 2 - case_id) = ${hour * 2048}`,
    `credit_transactions WHERE kind <> 'charge' AND case_id IS NOT NULL AND amount < 0`,
    `credit_transactions WHERE kind = 'charge' AND case_id IS NOT NULL AND retracted_at IS NOT NULL`,
    `credit_transactions WHERE kind = 'charge' AND case_id IS NULL AND retracted_at IS NOT NULL`,
    'credit_transactions WHERE listing_epoch = 0',
    'refund_cases WHERE refunded > charged',
    'refund_cases WHERE dismissed_at IS NOT NULL AND refunded > 0',
  ]) {
    expect(count(shape), shape).toBeGreaterThan(0)
  }
})

describe('sums of days, flows, balances and job days are those of the rows one by one', () => {
  test('from the totals', { timeout: 120_000 }, () => {
    compareAll(150)
    compareJobDays()
  })

  test('while the totals are rebuilt, and afterwards', { timeout: 120_000 }, () => {
    database.exec('DELETE FROM ledger_daily_totals; DELETE FROM ledger_quarter_hours; DELETE FROM job_daily_totals')
    markForRebuild(database, ['period_totals'])
    compareAll(40)
    rebuildSlice(database, end)
    compareAll(40)
    compareJobDays()
    rebuildAll(database, end)
    compareAll(40)
    compareJobDays()
  })
})
