import { expect, test } from 'vitest'
import { createAccount } from '../../src/sandbox/account.ts'
import { createLive } from '../../src/sandbox/live.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { day, minute, type State, type StoredJob } from '../../src/sandbox/state.ts'
import { createWorld } from '../../src/sandbox/world.ts'

const now = Date.parse('2026-03-18T05:18:00Z')
const state = createAccount(now)
const grace = 86_400_000
const limit = 3_600_000

type Row = State['transactions'][number]
const isGeneration = ({ feature }: Row) =>
  ['image', 'video', 'audio', 'subtitle', 'other', undefined].includes(feature ?? undefined)
const sum = (rows: Row[], kind: string) =>
  Math.abs(rows.filter((row) => row.kind === kind).reduce((total, { amount }) => total + amount, 0))

/** The number of the first rule in the rule table that applies. */
function ruleOf(job: StoredJob | null, rows: Row[], at: number): number {
  const charged = sum(rows, 'charge')
  const refunded = sum(rows, 'refund')
  const known = ['queued', 'running', 'succeeded', 'failed', 'canceled']
  const outcome = job ? (known.includes(job.status) ? job.status : 'unknown') : 'no_job'
  const made = (job?.results.length ?? 0) > 0
  const started = Date.parse(job?.createdAt ?? rows[0]?.occurredAt ?? '')
  const ended = Date.parse(job?.finishedAt ?? job?.createdAt ?? '')
  if (refunded > charged) return 1
  if (charged > 0 && refunded === charged) return 2
  if (['queued', 'running'].includes(outcome) && at - started <= limit) return 3
  if (charged === 0) return 4
  if (outcome === 'unknown') return 5
  if (['queued', 'running'].includes(outcome)) return 6
  if (outcome === 'succeeded' && made && refunded === 0) return 7
  if (outcome === 'succeeded' && made) return 8
  if (outcome === 'succeeded') return at - ended <= limit ? 9 : 10
  if (outcome === 'failed' && job?.failure?.origin === 'system') return at - ended <= grace ? 11 : 12
  if (outcome === 'failed' && job?.failure?.origin === 'policy') return 13
  if (outcome === 'failed' || outcome === 'canceled') return 14
  return at - started <= limit ? 15 : 16
}

/** Every case of the account with its rule. */
function cases({ jobs, transactions }: State, at: number) {
  const known = new Set(jobs.map(({ id }) => id))
  const rowsOf = Map.groupBy(transactions, (row) => row.jobId ?? '')
  const ofJobs = jobs.map((job) => ({ at: Date.parse(job.createdAt), rule: ruleOf(job, rowsOf.get(job.id) ?? [], at) }))
  const alone = transactions.filter((row) => row.kind === 'charge' && isGeneration(row) && !known.has(row.jobId ?? ''))
  return [...ofJobs, ...alone.map((row) => ({ at: Date.parse(row.occurredAt), rule: ruleOf(null, [row], at) }))]
}

/** Invariants of a ledger at any time. */
function checkLedger({ transactions, buckets }: State): void {
  let balance = 0
  let time = 0
  for (const row of transactions) {
    balance += row.amount
    expect(row.balanceAfter, row.id).toBe(balance)
    expect(balance).toBeGreaterThanOrEqual(0)
    expect(Date.parse(row.occurredAt)).toBeGreaterThan(time)
    time = Date.parse(row.occurredAt)
  }
  const stated = Map.groupBy(buckets, ({ source }) => source)
  for (const [source, rows] of Map.groupBy(transactions, (row) => row.source)) {
    const left = (stated.get(source as never) ?? []).reduce((total, bucket) => total + bucket.amount, 0)
    expect(
      rows.reduce((total, row) => total + row.amount, 0),
      String(source),
    ).toBe(left)
  }
}

test('has a case for every refund rule, and recent ones of those a user should see', () => {
  const all = cases(state, now)
  expect([...new Set(all.map(({ rule }) => rule))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 16 }, (_, index) => index + 1),
  )
  const recent = new Set(all.filter(({ at }) => at > now - 30 * day).map(({ rule }) => rule))
  expect([3, 8, 11, 12, 13, 16].filter((rule) => !recent.has(rule))).toEqual([])
})

test('consists mostly of ordinary jobs', () => {
  const all = cases(state, now)
  expect(state.jobs.length).toBeGreaterThan(560)
  expect(state.jobs.length).toBeLessThan(660)
  const completed = all.filter(({ rule }) => rule === 7).length / all.length
  expect(completed).toBeGreaterThan(0.85)
  expect(all.filter(({ rule }) => [1, 5, 6, 10, 12, 13, 14, 16].includes(rule)).length).toBeLessThan(20)
  expect(now - Math.min(...all.map(({ at }) => at))).toBeGreaterThan(195 * day)
})

test('both languages, both agents, every kind, and few words twice', () => {
  const korean = state.jobs.filter(({ prompt }) => /[가-힣]/.test(prompt)).length / state.jobs.length
  expect(korean).toBeGreaterThan(0.4)
  expect(korean).toBeLessThan(0.6)
  expect(new Set(state.jobs.map(({ prompt }) => prompt)).size).toBeGreaterThan(state.jobs.length * 0.75)
  expect(new Set(state.jobs.map(({ agent, kind }) => `${agent} ${kind}`)).size).toBe(8)
  const kinds = new Set(state.transactions.map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual(['adjustment', 'charge', 'expiry', 'grant', 'refund', 'top_up'])
  const features = new Set(state.transactions.map(({ feature }) => feature))
  for (const feature of ['chat', 'web_search', 'file_analysis', 'code']) expect(features).toContain(feature)
})

test('has a ledger that adds up in total and by kind of credit', () => checkLedger(state))

test('creates the same account for the same time', () => {
  expect(createAccount(now)).toEqual(state)
  expect(createAccount(now + day).jobs[0]?.id).not.toBe(state.jobs[0]?.id)
})

test('finishes jobs and refunds failures while it runs', () => {
  const living = createAccount(now)
  const world = createWorld(living)
  const live = createLive(world, createRandom(7), now)
  const born = living.jobs.length
  const revisions = new Map<string, number>()
  const fallen: string[] = []
  const end = now + 60 * minute
  for (let at = now; at <= end; at += 1_000) {
    live.advance(at)
    for (const { id, revision } of living.jobs) {
      if (revision < (revisions.get(id) ?? 1)) fallen.push(id)
      revisions.set(id, revision)
    }
  }
  expect(fallen).toEqual([])
  const started = living.jobs.slice(born).filter(({ createdAt }) => Date.parse(createdAt) > now)
  expect(started.length).toBeGreaterThan(60)
  expect(started.length).toBeLessThan(110)
  for (const job of started.filter(({ createdAt }) => Date.parse(createdAt) < end - 3 * minute)) {
    expect(['succeeded', 'failed', 'canceled']).toContain(job.status)
    expect(Date.parse(job.finishedAt as string) - Date.parse(job.startedAt ?? job.createdAt)).toBeLessThanOrEqual(
      50_000,
    )
    if (job.status !== 'failed') continue
    const refund = living.transactions.find((row) => row.kind === 'refund' && row.jobId === job.id)
    const wait = Date.parse(refund?.occurredAt ?? '') - Date.parse(job.finishedAt as string)
    expect(wait).toBeGreaterThanOrEqual(20_000)
    expect(wait).toBeLessThanOrEqual(61_000)
  }
  // Changes that were pending when the account was created have arrived.
  const open = cases(living, end).filter(({ at, rule }) => at < end - 3 * minute && [3, 9, 11, 15].includes(rule))
  expect(open).toEqual([])
  checkLedger(living)
})

test('resumes where it stopped, without catching up on lost time', () => {
  const living = createAccount(now)
  const world = createWorld(living)
  const born = living.jobs.length
  createLive(world, createRandom(7), now + 3 * day).advance(now + 3 * day)
  expect(living.jobs.length).toBe(born + 1)
  expect(living.jobs.filter(({ status }) => status === 'queued')).toEqual([])
  checkLedger(living)
})
