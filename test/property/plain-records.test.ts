/** The fast reading of plain records, compared with the schemas. */
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { plainJob, plainTransaction } from '../../src/core/service/plain-records.ts'
import { CreditTransactionSchema, JobSchema } from '../../src/core/service/schemas.ts'
import { seededRandom } from '../../src/shared/random.ts'
import fc from '../support/fast-check.ts'
import { type Json, mutations } from '../support/mutations.ts'
import { makeJob, makeResult, makeTransaction } from '../support/records.ts'
import { oddJobs, oddTransactions } from './odd-records.ts'

const wire = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())

const { createdAt, startedAt, finishedAt, ...job } = makeJob({ results: [makeResult('one')] })
const failure = { code: 'x', origin: 'system', message: null }
const wireJob = wire({
  ...job,
  failure,
  createdAt: iso(createdAt),
  startedAt: iso(startedAt),
  finishedAt: iso(finishedAt),
})
const { occurredAt, expiresAt, ...row } = makeTransaction({ balanceAfter: 10, memo: 'memo', model: 'Z Image' })
const wireRow = wire({ ...row, occurredAt: iso(occurredAt), expiresAt: iso(expiresAt) })

const readers = [
  {
    name: 'job',
    plain: (value: unknown) => plainJob(value, 'agent-1'),
    schema: JobSchema,
    seed: wireJob,
    odd: oddJobs,
  },
  { name: 'ledger row', plain: plainTransaction, schema: CreditTransactionSchema, seed: wireRow, odd: oddTransactions },
] as { name: string; plain: (value: unknown) => unknown; schema: z.ZodType; seed: Json; odd: fc.Arbitrary<unknown> }[]

describe.each(readers)('the fast reading of a $name', ({ plain, schema, seed, odd }) => {
  /** Returns whether it was read. */
  function compare(value: unknown): boolean {
    const read = plain(value)
    if (read === undefined) return false
    const decided = schema.safeParse(value)
    expect(decided.error).toBeUndefined()
    expect(read).toStrictEqual(decided.data)
    expect(JSON.stringify(read)).toBe(JSON.stringify(decided.data))
    return true
  }

  test('reads a plain record', () => {
    expect(compare(seed)).toBe(true)
  })

  test('gives what zod gives, or leaves the record to zod, after any mutations', () => {
    const property = fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (number, times) => {
      const mutate = mutations(seededRandom(number))
      let value = seed
      for (let count = 0; count < times; count++) value = mutate(value)
      compare(value)
    })
    fc.assert(property, { numRuns: 20_000 })
  })

  test('gives what zod gives for records of a hostile service', () => {
    let read = 0
    fc.assert(
      fc.property(odd, (value) => {
        if (compare(wire(value))) read++
      }),
      { numRuns: 2_000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  test.each([
    ['2026-02-28T23:59:59Z', true],
    ['2026-02-30T00:00:00Z', false],
    ['2024-02-29T00:00:00.5Z', true],
    ['2026-04-31T00:00:00Z', false],
    ['2026-01-28T24:00:00Z', false],
    ['2026-01-28T09:00:00+09:00', false],
    ['2014-12-31T23:59:59Z', false],
    ['2100-01-01T00:00:00Z', false],
    ['2099-12-31T23:59:59.999Z', true],
  ])('reads the time %s: %s', (time, isRead) => {
    const field = typeof seed === 'object' && seed !== null && 'occurredAt' in seed ? 'occurredAt' : 'createdAt'
    expect(compare({ ...(seed as object), [field]: time })).toBe(isRead)
  })
})
