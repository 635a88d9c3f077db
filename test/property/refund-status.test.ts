import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideRefundStatus } from '../../src/core/domain/refund-status.ts'
import { expectedVerdict, ruleOf, rules, type Situation, situations } from './refund-oracle.ts'
import { boundaryTable } from './refund-table.ts'

const decide = ({ facts, policy, readUntil, now }: Situation) => {
  const verdict = decideRefundStatus(facts, policy, readUntil, now)
  return { ...verdict, unread: verdict.unread.toSorted() }
}

describe('at the exact boundary', () => {
  test.each(boundaryTable)('$name', ({ rule, situation, status, reason, unread }) => {
    expect(decide(situation)).toMatchObject({ status, reason, unread })
    expect(ruleOf(situation)).toBe(rule)
  })

  test('every rule has a row', () => {
    expect(new Set(boundaryTable.map(({ rule }) => rule)).size).toBe(rules.length)
    expect(rules).toHaveLength(16)
  })
})

test('agrees with the table in every situation, and the situations reach every rule', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(situations, (situation) => {
      const expected = expectedVerdict(situation)
      const key = `${ruleOf(situation)} ${expected.status}`
      seen.set(key, (seen.get(key) ?? 0) + 1)
      expect(decide(situation)).toEqual(expected)
    }),
    { numRuns: 20_000 },
  )
  // Sixteen rules, and `cannot_tell` for the four that need proof.
  expect(seen.size).toBe(20)
  expect(Math.min(...seen.values())).toBeGreaterThan(20)
})

test('holds until its due moment, inclusive, and changes right after it', () => {
  const later = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(situations, later, (situation, part) => {
      const { dueAt, status, reason } = decide(situation)
      const at = (now: number) => decide({ ...situation, now })
      if (dueAt === null) {
        // Nothing waits: only records or reads can change this, time alone never does.
        const whenever = situation.now + Math.round(part * 1e9)
        expect(at(whenever)).toMatchObject({ status, reason })
        return
      }
      expect(dueAt).toBeGreaterThanOrEqual(situation.now)
      const between = situation.now + Math.floor((dueAt - situation.now) * part)
      expect(at(between)).toMatchObject({ status, reason, dueAt })
      expect(at(dueAt)).toMatchObject({ status, reason, dueAt })
      expect(at(dueAt + 1).status).not.toBe(status)
    }),
    { numRuns: 10_000 },
  )
})

test('nothing is called missing on a read from before the wait ran out', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { status, deadlineAt } = decide(situation)
      if (status !== 'refund_missing' && status !== 'result_missing') return
      const { credits } = situation.readUntil
      expect(credits).not.toBeNull()
      expect(credits as number).toBeGreaterThan(deadlineAt as number)
    }),
    { numRuns: 10_000 },
  )
})
