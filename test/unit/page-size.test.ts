import { expect, test } from 'vitest'
import { adaptivePageSize } from '../../src/core/service/page-size.ts'

/** After a first page that arrived. */
function largestSize() {
  const size = adaptivePageSize()
  size.succeed()
  return size
}

test('begins with a small page, and asks for the largest once that has arrived', () => {
  expect(adaptivePageSize().current()).toBe(100)
  expect(largestSize().current()).toBe(1_000)
})

test('halves down to a single record and says when it cannot shrink any more', () => {
  const size = largestSize()
  const sizes = [size.current()]
  while (size.shrink(size.current())) sizes.push(size.current())
  expect(sizes).toEqual([1_000, 500, 250, 125, 63, 32, 16, 8, 4, 2, 1])
})

test('halves the requested number if it was less than the current size', () => {
  const size = largestSize()
  expect(size.shrink(100)).toBe(true)
  expect(size.current()).toBe(50)
})

test('doubles after five successful pages, up to the largest size', () => {
  const size = largestSize()
  for (let count = 0; count < 2; count++) size.shrink(size.current())
  const sizes = Array.from({ length: 12 }, () => {
    size.succeed()
    return size.current()
  })
  expect(sizes).toEqual([250, 250, 250, 250, 500, 500, 500, 500, 500, 1_000, 1_000, 1_000])
})

test('does not jump to the largest size after a first page that did not come through', () => {
  const size = adaptivePageSize()
  size.shrink(100)
  size.succeed()
  expect(size.current()).toBe(50)
})

test('restarts the count of successes after a failure', () => {
  const size = largestSize()
  size.shrink(1_000)
  for (let count = 0; count < 4; count++) size.succeed()
  size.shrink(500)
  size.succeed()
  expect(size.current()).toBe(250)
})
