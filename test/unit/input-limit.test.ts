import { expect, it } from 'vitest'
import { isWithinLimit } from '../../src/core/routes/input-limit.ts'

it.each([
  ['lists', '['.repeat(500_000) + ']'.repeat(500_000)],
  ['records', `${'{"a":'.repeat(200_000)}0${'}'.repeat(200_000)}`],
])('refuses a mebibyte of %s in each other without recursion', (_, json) => {
  expect(isWithinLimit(JSON.parse(json))).toBe(false)
})

it('takes 16 levels, 100,000 values and a mebibyte of text, and nothing above', () => {
  const levels = (count: number) => JSON.parse('['.repeat(count) + ']'.repeat(count))
  expect([16, 17, 18].map((count) => isWithinLimit(levels(count)))).toEqual([true, true, false])
  expect([99_999, 100_000].map((count) => isWithinLimit(Array(count).fill(0)))).toEqual([true, false])
  expect([1_048_576, 1_048_577].map((length) => isWithinLimit('a'.repeat(length)))).toEqual([true, false])
  expect(isWithinLimit({ ['k'.repeat(600_000)]: 'v'.repeat(600_000) })).toBe(false)
})
