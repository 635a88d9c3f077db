/** An account whose history a test writes row by row, as services really write them. */
import { expect } from 'vitest'
import { verifyStore } from '../../src/core/store/verify.ts'
import { withBench } from './hooks.ts'
import { type BenchOptions, errorsOf } from './sync-bench.ts'

/** The fake service counts minutes from here; the clock of the app stands twelve hours later. */
const start = Date.UTC(2026, 0, 28)
export const systemFailure = { code: 'timeout', origin: 'system' as const }

/** A time in minutes after the start of the history. */
export const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString()

/** A job's first results. */
export const results = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `result-${index}`,
    mimeType: 'image/png',
    url: `https://media.example.com/${index}.png`,
  }))

/** A bench for each test, with videos by Kling and their ledger rows. */
export function withHistory(options: BenchOptions = {}) {
  const bench = withBench(options)

  const job = (id: string, more: Parameters<typeof bench.fake.addJob>[0] = {}) =>
    bench.fake.addJob({ id, kind: 'video', model: 'Kling', createdAt: at(10), finishedAt: at(11), ...more })
  const failed = (id: string, more: Parameters<typeof bench.fake.addJob>[0] = {}) =>
    job(id, { status: 'failed', failure: systemFailure, results: [], ...more })
  const row = (id: string, amount: number, more: Parameters<typeof bench.fake.addTransaction>[0] = {}) =>
    bench.fake.addTransaction({
      id,
      amount,
      kind: amount < 0 ? 'charge' : 'refund',
      feature: 'video',
      occurredAt: at(10),
      ...more,
    })

  async function syncedCase(name: string) {
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(verifyStore(bench.database, bench.clock.now()).filter(({ broken }) => broken > 0)).toEqual([])
    return await bench.ask('refunds.get', { case: name })
  }

  return { bench, job, failed, row, syncedCase }
}
