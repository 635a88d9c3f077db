import { describe, expect, test } from 'vitest'
import { creditsOfCase } from '../../src/core/domain/case-credits.ts'
import { openCharges } from '../../src/core/domain/open-charges.ts'
import { openAmounts } from '../../src/core/domain/possible-links.ts'
import type { CaseFacts } from '../../src/core/domain/refund-status.ts'

describe('L9: the amounts that a refund without ids may give back', () => {
  /** A charge of 33 at 0 and one at 9, unless `rows` says otherwise: amounts with their times, and what they reverse. */
  const facts = ({
    rows = [
      [-33, 9],
      [-33, 0],
    ],
    ...more
  }: Facts = {}) => {
    const stored = rows.map(([amount, occurredAt, reverses = null], index) => ({
      id: `row-${index}`,
      kind: amount < 0 ? 'charge' : 'refund',
      amount,
      occurredAt,
      expiresAt: null,
      reverses,
      isRetracted: false,
      isUnnamed: false,
    }))
    return {
      id: 'job-1',
      kind: 'video',
      agent: 'agent-1' as const,
      model: 'Kling',
      outcome: 'failed' as const,
      resultCount: 0,
      requestedResults: 1,
      ...creditsOfCase(stored),
      ...openCharges(stored),
      ...more,
    }
  }
  interface Facts extends Partial<Pick<CaseFacts, 'outcome' | 'resultCount' | 'requestedResults'>> {
    rows?: [amount: number, at: number, reverses?: string][]
  }
  /** The amounts with the times of the last charge that is open, and of the last that may be. */
  const amounts = (more?: Facts) =>
    openAmounts(20, facts(more)).map(({ open: amount, chargedAt, lastChargedAt }) => [amount, chargedAt, lastChargedAt])

  test('are all that is open, and each charge since its own time', () => {
    expect(amounts()).toEqual([
      [66, 9, 9],
      [33, 0, 0],
      [33, 9, 9],
    ])
  })

  test('are a charge only as often as it fits, but once if a part of it came back', () => {
    expect(
      amounts({
        rows: [
          [-33, 9],
          [10, 10],
        ],
      }),
    ).toEqual([
      [23, 9, 9],
      [33, 9, 9],
    ])
  })

  test.each<[string, Facts['rows'], number[]]>([
    [
      'the earlier charge if the last one was reversed',
      [
        [-33, 0],
        [-33, 9],
        [33, 10, 'row-1'],
      ],
      [33, 0, 0],
    ],
    [
      'the last charge if the earlier one was reversed',
      [
        [-33, 0],
        [-33, 9],
        [33, 10, 'row-0'],
      ],
      [33, 9, 9],
    ],
    [
      'either charge if the refund says too little',
      [
        [-33, 0],
        [-33, 9],
        [33, 10],
      ],
      [33, 0, 9],
    ],
    [
      'the last charge if it is younger than the refund',
      [
        [-33, 0],
        [33, 5],
        [-33, 9],
      ],
      [33, 9, 9],
    ],
    [
      'credits that were taken again',
      [
        [-33, 0],
        [33, 5, 'row-0'],
        [-33, 9, 'row-1'],
      ],
      [33, 9, 9],
    ],
    [
      'what a refund leaves of two charges',
      [
        [-20, 0],
        [-20, 9],
        [30, 10, 'row-1'],
      ],
      [10, 0, 0],
    ],
  ])('date all that is open from %s', (_, rows, expected) => {
    expect(amounts({ rows })[0]).toEqual(expected)
  })

  test('do not include a charge that was reversed whole', () => {
    expect(
      amounts({
        rows: [
          [-20, 0],
          [-33, 9],
          [-5, 9],
          [20, 10, 'row-0'],
        ],
      }),
    ).toEqual([
      [38, 9, 9],
      [33, 9, 9],
      [5, 9, 9],
    ])
  })

  test('are the share of the missing results if some came', () => {
    const short: Facts = { resultCount: 2, requestedResults: 4, rows: [[-132, 9]] }
    expect(amounts({ ...short, outcome: 'succeeded' })).toEqual([
      [132, 9, 9],
      [66, 9, 9],
    ])
    expect(
      amounts({
        ...short,
        rows: [
          [-132, 9],
          [66, 10],
        ],
      }),
    ).toEqual([])
    expect(
      amounts({
        ...short,
        outcome: 'succeeded',
        rows: [
          [-132, 9],
          [10, 10],
        ],
      }),
    ).toEqual([])
  })

  test('are none if the job delivered, or if nothing is open', () => {
    expect(amounts({ outcome: 'succeeded', resultCount: 1 })).toEqual([])
    expect(
      amounts({
        rows: [
          [-66, 9],
          [66, 10],
        ],
      }),
    ).toEqual([])
    expect(amounts({ outcome: 'unknown' })).toEqual([])
  })
})
