import { describe, expect, test } from 'vitest'
import { isListed, nextTryAt, overallProgress, percentOf, progressOf } from '../../src/renderer/data/sync-progress.ts'
import { streams } from '../../src/shared/values.ts'
import type { StreamState } from '../../src/shared/views.ts'
import fc from '../support/fast-check.ts'
import { makeSyncState } from '../support/records.ts'

const stream = (change: Partial<StreamState>): StreamState => ({
  stream: 'jobs:agent-1',
  phase: 'listing',
  records: 0,
  listed: 0,
  total: null,
  rate: null,
  remainingMs: null,
  lastSuccessAt: null,
  listedFrom: null,
  historyEndsAt: null,
  error: null,
  retryAt: null,
  quarantined: 0,
  ...change,
})
const done = { phase: 'idle', listed: 900, records: 900, total: 900, lastSuccessAt: 1 } as const

describe('the progress of a stream', () => {
  test('counts against the total of the service', () => {
    const progress = progressOf(stream({ listed: 400, records: 400, total: 1_000, remainingMs: 5_000 }))
    expect(progress).toEqual({ read: 400, total: 1_000, remainingMs: 5_000 })
    expect(percentOf(progress)).toBe(40)
  })

  test.each([
    ['missing', null],
    ['exceeded', 300],
    ['reached while pages still follow', 400],
    ['negative', -1],
  ])('only counts records if the total is %s', (_name, total) => {
    const progress = progressOf(stream({ listed: 400, records: 400, total }))
    expect(progress).toEqual({ read: 400, total: null, remainingMs: null })
    expect(percentOf(progress)).toBeNull()
  })

  test('stays below 100 % until the snapshot is complete', () => {
    expect(percentOf(progressOf(stream({ listed: 99_999, total: 100_000 })))).toBe(99)
  })

  test('does not fall back if the first snapshot restarts, and counts a later snapshot from zero', () => {
    const begunAnew = { listed: 100, records: 30_000, total: 50_000 }
    expect(progressOf(stream(begunAnew)).read).toBe(30_000)
    expect(progressOf(stream({ ...begunAnew, lastSuccessAt: 1 })).read).toBe(100)
  })

  test('counts as being listed until its first snapshot is complete, also while it is paused or waits', () => {
    expect(isListed(stream({ phase: 'idle' }))).toBe(true)
    expect(isListed(stream({ phase: 'listing', lastSuccessAt: 1 }))).toBe(true)
    expect(isListed(stream({ phase: 'changes' }))).toBe(false)
    expect(isListed(stream(done))).toBe(false)
    expect(isListed(stream({ stream: 'account', phase: 'idle' }))).toBe(false)
  })
})

describe('the progress of all streams', () => {
  const slow = stream({ listed: 100, records: 100, total: 1_000, remainingMs: 90_000 })
  const fast = stream({ stream: 'credits', listed: 700, records: 700, total: 2_000, remainingMs: 13_000 })

  test('adds up all streams and takes the longest remaining time', () => {
    const progress = overallProgress([stream({ stream: 'account', records: 1 }), slow, stream(done), fast])
    expect(progress).toEqual({ read: 1_700, total: 3_900, remainingMs: 90_000 })
    expect(percentOf(progress)).toBe(43)
  })

  test('has no total or remaining time if one stream has none', () => {
    const unknown = stream({ listed: 50, records: 50 })
    expect(overallProgress([slow, unknown])).toEqual({ read: 150, total: null, remainingMs: null })
    expect(overallProgress([slow, { ...fast, remainingMs: null }])).toMatchObject({ total: 3_000, remainingMs: null })
  })
})

test('never shows 100 % or a negative remaining time, for any counts and totals', () => {
  const count = fc.nat(1_000_000)
  const any = fc.record({
    stream: fc.constantFrom(...streams),
    phase: fc.constantFrom('idle' as const, 'listing' as const, 'changes' as const),
    records: count,
    listed: count,
    total: fc.option(fc.integer()),
    remainingMs: fc.option(count),
    lastSuccessAt: fc.option(count),
  })
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (states) => {
      const all = states.map(stream)
      for (const progress of [...all.filter(isListed).map(progressOf), overallProgress(all)]) {
        const percent = percentOf(progress)
        if (percent !== null) expect(percent >= 0 && percent < 100).toBe(true)
        if (progress.total !== null) expect(progress.total).toBeGreaterThanOrEqual(progress.read)
        if (progress.remainingMs !== null) expect(progress.remainingMs).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('plans the next try at the retry time of the stream, else with the next run, and none while the sync runs or is paused', () => {
  const failed = makeSyncState({ status: 'failed', nextAt: 50 })
  expect(nextTryAt(failed, stream({ retryAt: 40 }))).toBe(40)
  expect(nextTryAt(failed, stream({}))).toBe(50)
  expect(nextTryAt({ ...failed, status: 'running' }, stream({}))).toBeNull()
  expect(nextTryAt({ ...failed, status: 'paused' }, stream({}))).toBeNull()
})
