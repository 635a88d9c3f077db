import { expect, test } from 'vitest'
import { addRange, correctedOffset, type OffsetRange, offsetRange } from '../../src/core/domain/clock-offset.ts'
import fc from '../support/fast-check.ts'

const sent = Date.UTC(2026, 0, 28, 12)
const day = 86_400_000

/** Time ranges of the answers of a service whose clock is `ahead` ms ahead; `Date` has whole seconds. */
const answer = (ahead: number, path = '/v1/jobs', at = sent): OffsetRange =>
  offsetRange(path, Math.floor((at + ahead) / 1_000) * 1_000, at, at + 40)

const after = (answers: readonly OffsetRange[], current = 0): number => {
  let offset = current
  let ranges: OffsetRange[] = []
  for (const range of answers) {
    ranges = addRange(ranges, range)
    offset = correctedOffset(offset, ranges)
  }
  return offset
}

test('follows a service that is a day ahead once three answers of two endpoints agree', () => {
  const answers = [answer(day, '/v1/me'), answer(day), answer(day)]
  expect(after(answers.slice(0, 2))).toBe(0)
  expect(Math.abs(after(answers) - day)).toBeLessThan(1_000)
})

test('corrects nothing by answers of a single endpoint', () => {
  expect(after(Array.from({ length: 10 }, () => answer(day)))).toBe(0)
})

test('corrects nothing for one odd answer among agreeing answers', () => {
  const honest = [answer(0, '/v1/me'), answer(0), answer(0, '/v1/credits/transactions')]
  for (const odd of [day, -day, 3_600_000]) {
    expect(after([...honest, answer(odd, '/v1/credits/transactions/changes'), ...honest])).toBe(0)
    expect(after([answer(odd, '/v1/me'), ...honest])).toBe(0)
  }
})

test('corrects nothing for one odd answer after slow answers, which any correction would fit', () => {
  const slow = (path: string) => offsetRange(path, sent + 120_000, sent, sent + 120_000)
  expect(after([slow('/v1/me'), slow('/v1/jobs'), answer(90_000)])).toBe(0)
})

test('ignores a difference that whole seconds cannot show', () => {
  expect(after([answer(900, '/v1/me'), answer(900), answer(900)])).toBe(0)
})

test('takes a difference of more than a week for an error of the service', () => {
  expect(after([answer(8 * day, '/v1/me'), answer(8 * day), answer(8 * day)])).toBe(0)
})

test('removes the correction when the service agrees with the machine again', () => {
  expect(Math.abs(after([answer(0, '/v1/me'), answer(0), answer(0)], day))).toBeLessThan(1_000)
})

test('corrects any offset below a week to within 2.5 seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: -7 * day + 2_000, max: 7 * day - 2_000 }), fc.nat(5_000), (ahead, jitter) => {
      const answers = ['/v1/me', '/v1/jobs', '/v1/jobs'].map((path, index) =>
        answer(ahead, path, sent + index * jitter),
      )
      expect(Math.abs(after(answers) - ahead)).toBeLessThan(2_500)
    }),
  )
})

test('corrects by no more than two answers demand if a wrong date fits to slow ones', () => {
  const minute = 60_000
  const slow = (ahead: number, path: string) =>
    offsetRange(path, sent + 180 * minute + ahead, sent, sent + 180 * minute)
  const [late, odd] = [90_000, 180 * minute + 60_000]
  const answers = [slow(late, '/v1/jobs'), slow(odd, '/v1/jobs/changes'), slow(late, '/v1/credits/transactions')]
  expect(after(answers)).toBeGreaterThanOrEqual(late)
  expect(after(answers)).toBeLessThanOrEqual(late + 500)
})
