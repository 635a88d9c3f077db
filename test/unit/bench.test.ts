import { expect, it } from 'vitest'
import { runBench } from '../bench/bench.ts'
import { createHistory } from '../bench/history.ts'
import { parsePlan } from '../bench/plan.ts'
import { renderReport, verdict } from '../bench/report.ts'

const account = (jobs: number) => createHistory({ jobs, seed: 1, mediaOrigin: 'http://127.0.0.1' })
const range = (from: number, count: number) => Array.from({ length: count }, (_, offset) => from + offset)

it('measures a small account through the parts that need no browser', async () => {
  const plan = parsePlan(['--jobs', '300', '--only', 'sync,size,incremental,queries,cases'])
  const { readings, failures } = await runBench({ ...plan, effort: { runs: 1, limitMs: 0 } }, () => {})
  expect(failures).toEqual([])
  expect(readings.flatMap(({ values }) => values).filter((value) => !(value > 0))).toEqual([])
  const report = renderReport(readings)
  for (const name of ['first sync / bare inserts', 'size per job', 'slowest list page']) {
    expect(report.split('\n\n')[0]).toContain(name)
  }
  for (const title of ['First sync', 'Database', 'Changes', 'Pages of lists', 'Counts, days']) {
    expect(report).toContain(`\n\n| ${title}`)
  }
}, 120_000)

it('generates the same history every time, newest first, with 1.5 ledger rows per job', () => {
  const [one, other] = [account(2_000), account(2_000)]
  const jobs = range(0, 1_000).map((index) => one.job('agent-1', index))
  expect(range(0, 1_000).map((index) => other.job('agent-1', index))).toEqual(jobs)
  const times = jobs.map(({ createdAt }) => createdAt)
  expect(times).toEqual(times.toSorted().reverse())
  expect(new Set(times.map((time) => time.slice(0, 10))).size).toBeGreaterThan(300)

  const rows = range(0, one.transactions).map((index) => one.transaction(index))
  expect(rows).toHaveLength(3_000)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3_000)
  const ids = new Set([...jobs, ...range(0, 1_000).map((index) => one.job('agent-2', index))].map(({ id }) => id))
  expect(ids.size).toBe(2_000)
  expect(rows.filter(({ jobId }) => jobId && !ids.has(jobId))).toEqual([])
})

it('reads sizes and names of measures, and refuses unknown ones', () => {
  expect(parsePlan(['--jobs', '5000,300', '--only', 'start,sync'])).toMatchObject({
    sizes: [300, 5_000],
    measures: ['sync', 'start'],
    keep: null,
  })
  expect(() => parsePlan(['--jobs', 'many'])).toThrow('--jobs')
  expect(() => parsePlan(['--only', 'speed'])).toThrow('"speed"')
})

it('reports whether a goal is met, or by how much it is missed', () => {
  expect(verdict(5, { atMost: 5 })).toBe('met')
  expect(verdict(6, { atMost: 5 })).toBe('missed by 20 %')
  expect(verdict(0.5, { atLeast: 0.4 })).toBe('met')
  expect(verdict(0.3, { atLeast: 0.4 })).toBe('missed by 25 %')
  expect(verdict(2, { atMost: 0 })).toBe('missed')
})
