import { describe, expect, test } from 'vitest'
import { addSample, type Pace, ratePerSecond, remainingMs, type Sample } from '../../src/core/domain/pace.ts'
import fc from '../support/fast-check.ts'

const paceOf = (samples: Sample[]): Pace => samples.reduce<Pace>(addSample, [])
/** Pages of equal size at equal intervals in milliseconds. */
const pages = (count: number, every: number, size = 1_000, from: Sample = { at: 0, read: 0 }): Sample[] =>
  Array.from({ length: count }, (_, index) => ({ at: from.at + index * every, read: from.read + index * size }))
const last = (samples: Sample[]) => samples.at(-1) as Sample

describe('the rate', () => {
  test.each([
    ['twenty pages a second', 50, 20_000],
    ['a page a second', 1_000, 1_000],
    ['a page in ten seconds', 10_000, 100],
  ])('of %s', (_name, every, rate) => {
    const samples = pages(400, every)
    expect(ratePerSecond(paceOf(samples), last(samples).at)).toBeCloseTo(rate)
  })

  test('has no rate before there are enough samples', () => {
    expect(ratePerSecond([], 0)).toBeNull()
    expect(ratePerSecond(paceOf(pages(2, 5_000)), 5_000)).toBeNull()
    const tooSoon = pages(15, 50)
    expect(ratePerSecond(paceOf(tooSoon), last(tooSoon).at)).toBeNull()
  })

  test('follows a change within seconds, without a jump', () => {
    const fast = pages(200, 100)
    const slow = pages(20, 1_000, 1_000, last(fast))
    const rates = slow.map((_, index) => {
      const samples = [...fast, ...slow.slice(0, index + 1)]
      return ratePerSecond(paceOf(samples), last(samples).at) as number
    })
    expect(rates[0]).toBeCloseTo(10_000)
    expect(rates.at(-1)).toBeCloseTo(1_000)
    for (const [index, rate] of rates.slice(1).entries()) expect((rates[index] as number) - rate).toBeLessThan(1_000)
  })

  test('has no rate once no records arrive', () => {
    const pace = paceOf(pages(100, 100))
    expect(ratePerSecond(pace, 9_900 + 3_000)).not.toBeNull()
    expect(ratePerSecond(pace, 9_900 + 5_000)).toBeNull()
    expect(remainingMs(pace, 1_000_000, 9_900 + 5_000)).toBeNull()
  })

  test('counts only the new snapshot after a restart', () => {
    const samples = [...pages(100, 100), ...pages(10, 1_000, 500, { at: 20_000, read: 0 })]
    expect(ratePerSecond(paceOf(samples), last(samples).at)).toBeCloseTo(500)
  })
})

describe('the remaining time', () => {
  const steady = pages(100, 100)
  const { at, read } = last(steady)

  test('estimates the rest at a steady rate', () => {
    expect(remainingMs(paceOf(steady), read + 600_000, at)).toBeCloseTo(60_000)
  })

  test('has no estimate without a total, or once the total is exceeded', () => {
    expect(remainingMs(paceOf(steady), null, at)).toBeNull()
    expect(remainingMs(paceOf(steady), read, at)).toBeNull()
    expect(remainingMs(paceOf(steady), 0, at)).toBeNull()
    expect(remainingMs(paceOf(steady), -5, at)).toBeNull()
  })

  test('has no estimate at the start or while the rate changes', () => {
    const start = pages(30, 100)
    expect(remainingMs(paceOf(start), 1_000_000, last(start).at)).toBeNull()
    const slowing = [...steady, ...pages(5, 2_000, 1_000, { at, read })]
    expect(remainingMs(paceOf(slowing), 1_000_000, last(slowing).at)).toBeNull()
    const slow = [...steady, ...pages(20, 2_000, 1_000, { at, read })]
    expect(remainingMs(paceOf(slow), last(slow).read + 500, last(slow).at)).toBeCloseTo(1_000)
  })

  test('has no estimate if no records arrive', () => {
    expect(remainingMs(paceOf(pages(20, 1_000, 0)), 1_000, 19_000)).toBeNull()
  })
})

test('gives finite, non-negative numbers and keeps few samples for any pages and total', () => {
  const steps = fc.array(fc.record({ after: fc.nat(5_000), size: fc.integer({ min: -2_000, max: 2_000 }) }))
  fc.assert(
    fc.property(steps, fc.option(fc.integer()), fc.nat(60_000), (all, total, later) => {
      let mark: Sample = { at: 0, read: 0 }
      let pace: Pace = []
      for (const { after, size } of all) {
        mark = { at: mark.at + after, read: Math.max(0, mark.read + size) }
        pace = addSample(pace, mark)
        for (const value of [ratePerSecond(pace, mark.at + later), remainingMs(pace, total, mark.at + later)]) {
          if (value !== null) expect(Number.isFinite(value) && value >= 0).toBe(true)
        }
      }
      expect(pace.length).toBeLessThanOrEqual(16)
    }),
  )
})
