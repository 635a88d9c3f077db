import { expect, test } from 'vitest'
import { adaptivePageSize } from '../../src/core/service/page-size.ts'

test('halves down to a single record and says when it cannot shrink any more', () => {
  const size = adaptivePageSize()
  const sizes = [size.current()]
  while (size.shrink(size.current())) sizes.push(size.current())
  expect(sizes).toEqual([1_000, 500, 250, 125, 63, 32, 16, 8, 4, 2, 1])
})

test('halves the requested number if it was less than the current size', () => {
  const size = adaptivePageSize()
  expect(size.shrink(100)).toBe(true)
  expect(size.current()).toBe(50)
})

test('doubles after five successful pages, up to the largest size', () => {
  const size = adaptivePageSize()
  for (let count = 0; count < 2; count++) size.shrink(size.current())
  const sizes = Array.from({ length: 12 }, () => {
    size.succeed()
    return size.current()
  })
  expect(sizes).toEqual([250, 250, 250, 250, 500, 500, 500, 500, 500, 1_000, 1_000, 1_000])
})

test('restarts the count of successes after a failure', () => {
  const size = adaptivePageSize()
  size.shrink(1_000)
  for (let count = 0; count < 4; count++) size.succeed()
  size.shrink(500)
  size.succeed()
  expect(size.current()).toBe(250)
})
