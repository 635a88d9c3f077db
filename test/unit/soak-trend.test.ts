import { expect, it } from 'vitest'
import { seededRandom } from '../../src/shared/random.ts'
import { trendOf } from '../bench/trend.ts'
import { draws } from '../support/random.ts'

const count = 120
const seconds = 4
/** A measure in megabytes, by the hours since the start. */
const samplesOf = (value: (hours: number, index: number) => number) =>
  Array.from({ length: count }, (_, index) => ({ at: index * seconds, value: value((index * seconds) / 3_600, index) }))
const noise = draws(seededRandom(1))
const wobble = () => noise.int(-50, 50) / 10

it('finds a leak under noise and collections, and its growth per hour', () => {
  const leak = trendOf(
    samplesOf((hours, index) => 250 + 300 * hours + (index % 6) * 15 + wobble()),
    100,
  )
  expect(leak.isRising).toBe(true)
  expect(leak.perHour).toBeGreaterThan(200)
  expect(leak.perHour).toBeLessThan(400)
  expect(leak.to).toBeGreaterThan(leak.from)
})

it('finds a handle that is kept in each tenth round', () => {
  expect(
    trendOf(
      samplesOf((_, index) => 80 + Math.floor(index / 10)),
      20,
    ).isRising,
  ).toBe(true)
})

it.each([
  ['is collected again and again', (_: number, index: number) => 200 + (index % 40) * 4 + wobble()],
  ['fills its caches at first', (_: number, index: number) => 400 - 200 * Math.exp(-index / 8) + wobble()],
  ['stays the same', () => 80],
  ['falls', (hours: number) => 500 - 300 * hours],
  ['grows by less than is allowed', (hours: number) => 200 + 90 * hours],
  ['jumps once', (_: number, index: number) => (index < 80 ? 200 : 205)],
])('finds no trend in a measure that %s', (_, value) => {
  expect(trendOf(samplesOf(value), 100).isRising).toBe(false)
})

it('says that a run was too short', () => {
  expect(() => trendOf(samplesOf(() => 1).slice(0, 23), 1)).toThrow('too few samples')
})
