import { expect, test } from 'vitest'
import { adaptivePageSize } from '../../src/core/service/page-size.ts'
import { seededRandom } from '../../src/shared/random.ts'

/** After a first page that arrived. */
function largestSize() {
  const size = adaptivePageSize()
  size.succeed(100)
  return size
}

type Size = ReturnType<typeof adaptivePageSize>
const fail = (size: Size) => size.fail(size.current(), false)
/** The sizes after each of some pages that arrived. */
const succeed = (size: Size, count: number) =>
  Array.from({ length: count }, () => {
    size.succeed(size.current())
    return size.current()
  })

test('begins with a small page, and asks for the largest once that has arrived', () => {
  expect(adaptivePageSize().current()).toBe(100)
  expect(largestSize().current()).toBe(1_000)
})

test('halves down to a single record and says when it cannot shrink any more', () => {
  const size = largestSize()
  const sizes = [size.current()]
  while (size.fail(size.current(), true)) sizes.push(size.current())
  expect(sizes).toEqual([1_000, 500, 250, 125, 63, 32, 16, 8, 4, 2, 1])
})

test('halves the requested number if it was less than the current size', () => {
  const size = largestSize()
  expect(size.fail(100, true)).toBe(true)
  expect(size.current()).toBe(50)
})

test('doubles after five successful pages, up to the largest size', () => {
  const size = largestSize()
  for (let count = 0; count < 2; count++) fail(size)
  expect(succeed(size, 12)).toEqual([250, 250, 250, 250, 500, 500, 500, 500, 500, 1_000, 1_000, 1_000])
})

test('asks a service with a fixed limit ever more rarely for more', () => {
  const size = adaptivePageSize()
  const asked = Array.from({ length: 400 }, () => {
    const limit = size.current()
    if (limit > 6) size.fail(limit, true)
    else size.succeed(limit)
    return limit
  })
  expect(asked.slice(0, 6)).toEqual([100, 50, 25, 13, 7, 4])
  expect(asked.slice(6).filter((limit) => limit > 6).length).toBeLessThan(8)
})

test('does not jump to the largest size after a first page that did not come through', () => {
  const size = adaptivePageSize()
  fail(size)
  size.succeed(50)
  expect(size.current()).toBe(50)
})

test('restarts the count of successes after the size was halved', () => {
  const size = largestSize()
  fail(size)
  succeed(size, 4)
  size.fail(500, true)
  expect(succeed(size, 4)).toEqual([250, 250, 250, 250])
})

test('halves a size that was answered before if it fails three times in a row, or surely', () => {
  const size = largestSize()
  succeed(size, 1)
  expect([fail(size), fail(size)]).toEqual([false, false])
  succeed(size, 1)
  expect([fail(size), fail(size), fail(size)]).toEqual([false, false, true])
  expect(size.current()).toBe(500)
  succeed(size, 1)
  expect(size.fail(500, true)).toBe(true)
})

test('goes on halving at once while no page arrives', () => {
  const size = largestSize()
  succeed(size, 1)
  for (let count = 0; count < 3; count++) fail(size)
  expect([fail(size), fail(size)]).toEqual([true, true])
  expect(size.current()).toBe(125)
})

test.each([1, 2, 3, 4])('stays large if every third page fails by chance (seed %i)', (seed) => {
  const random = seededRandom(seed)
  const size = largestSize()
  const asked = Array.from({ length: 300 }, () => {
    const limit = size.current()
    if (random() < 1 / 3) size.fail(limit, false)
    else size.succeed(limit)
    return limit
  })
  expect(asked.filter((limit) => limit >= 250).length).toBeGreaterThan(200)
})
