import { describe, expect, test } from 'vitest'
import { type CreditMove, type Lapse, lapsesOf } from '../../src/core/domain/lapses.ts'
import fc from '../support/fast-check.ts'

const grant = (at: number, amount: number, expiresAt: number | null = null): CreditMove => {
  return { at, kind: 'grant', amount, expiresAt }
}
const charge = (at: number, amount: number): CreditMove => ({ at, kind: 'charge', amount: -amount, expiresAt: null })
const expiry = (at: number, amount: number): CreditMove => ({ at, kind: 'expiry', amount: -amount, expiresAt: null })

/** A second implementation: one token per credit, with its state: held, spent or run out. */
function naiveLapses(rows: readonly CreditMove[], opening: number, until: number): Lapse[] {
  type Credit = { expiresAt: number; state: 'valid' | 'gone' | 'lapsed'; lapsedAt: number }
  const credits: Credit[] = []
  let debt = 0
  const receive = (amount: number, expiresAt: number, at: number) => {
    for (let credit = 0; credit < amount; credit++) {
      if (debt > 0) debt--
      else credits.push({ expiresAt: Math.max(expiresAt, at), state: 'valid', lapsedAt: 0 })
    }
  }
  const lapse = (time: number) => {
    for (const credit of credits) {
      if (credit.state === 'valid' && credit.expiresAt <= time) Object.assign(credit, { state: 'lapsed' })
    }
  }
  const firstToExpire = () =>
    credits.filter(({ state }) => state === 'valid').toSorted((a, b) => a.expiresAt - b.expiresAt)[0]
  const lastLapsed = () =>
    credits.filter(({ state }) => state === 'lapsed').toSorted((a, b) => b.expiresAt - a.expiresAt)[0]
  receive(Math.max(0, opening), Number.POSITIVE_INFINITY, 0)
  debt = Math.max(0, -opening)
  for (const { at, kind, amount, expiresAt } of rows) {
    lapse(at)
    receive(amount, expiresAt ?? Number.POSITIVE_INFINITY, at)
    lapse(at)
    for (let credit = 0; credit < -amount; credit++) {
      const taken = kind === 'expiry' ? (lastLapsed() ?? firstToExpire()) : (firstToExpire() ?? lastLapsed())
      if (taken) taken.state = 'gone'
      else if (kind !== 'expiry') debt++
    }
  }
  lapse(until)
  const left = credits.filter(({ state }) => state === 'lapsed')
  return [...Map.groupBy(left, ({ expiresAt }) => expiresAt)]
    .map(([at, lapsed]) => ({ at, amount: lapsed.length }))
    .sort((a, b) => a.at - b.at)
}

const flow = fc.record({
  later: fc.integer({ min: 0, max: 3 }),
  kind: fc.constantFrom('grant', 'grant', 'refund', 'charge', 'charge', 'charge', 'expiry', 'adjustment'),
  amount: fc.integer({ min: 0, max: 6 }),
  validity: fc.option(fc.integer({ min: -1, max: 8 }), { freq: 3 }),
})
const histories = fc.array(flow, { maxLength: 25 }).map((flows) => {
  let at = 1
  return flows.map(({ later, kind, amount, validity }): CreditMove => {
    at += later
    const isGain = kind === 'grant' || kind === 'refund'
    return {
      at,
      kind,
      amount: isGain ? amount : -amount,
      expiresAt: isGain && validity !== null ? at + validity : null,
    }
  })
})

/** Lapses by time: two grants may run out at once. */
const byTime = (lapses: readonly Lapse[]) =>
  [...Map.groupBy(lapses, ({ at }) => at)].map(([at, some]) => [at, some.reduce((sum, { amount }) => sum + amount, 0)])

test('agrees with a simulation of single credits', () => {
  let lapsed = 0
  fc.assert(
    fc.property(histories, fc.integer({ min: -5, max: 5 }), fc.nat(40), (rows, opening, until) => {
      const known = rows.filter(({ at }) => at <= until)
      const found = lapsesOf(known, opening, until)
      if (found.length > 0) lapsed++
      expect(byTime(found)).toEqual(byTime(naiveLapses(known, opening, until)))
    }),
    { numRuns: 5_000 },
  )
  expect(lapsed).toBeGreaterThan(500)
})

describe('credits that can have run out', () => {
  test.each<[string, CreditMove[], Lapse[]]>([
    ['are what was left of a grant', [grant(1, 100, 10), charge(2, 30)], [{ at: 10, amount: 70 }]],
    ['are none of a grant that was spent', [grant(1, 100, 10), charge(2, 100)], []],
    [
      'are first spent from what expires first',
      [grant(1, 100, 30), grant(2, 100, 10), charge(3, 150)],
      [{ at: 30, amount: 50 }],
    ],
    ['are none that a listed expiry took', [grant(1, 100, 10), expiry(10, 100)], []],
    ['are the rest of a listed expiry', [grant(1, 100, 10), expiry(11, 40)], [{ at: 10, amount: 60 }]],
    ['are none that were spent later', [grant(1, 100, 10), charge(12, 100)], []],
    ['are refunds that had run out when they came', [{ ...grant(5, 33, 4), kind: 'refund' }], [{ at: 5, amount: 33 }]],
    ['are none of credits that pay a debt', [charge(1, 80), grant(2, 100, 10)], [{ at: 10, amount: 20 }]],
  ])('%s', (_, rows, expected) => {
    expect(lapsesOf(rows, 0, 50)).toEqual(expected)
  })
})
