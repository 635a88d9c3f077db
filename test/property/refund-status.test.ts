import { describe, expect, test } from 'vitest'
import { decideRefundStatus } from '../../src/core/domain/refund-status.ts'
import fc from '../support/fast-check.ts'
import { expectedVerdict, ruleOf, rules, type Situation, situations } from './refund-oracle.ts'
import { boundaryTable } from './refund-table.ts'

const decide = ({ facts, policy, readUntil, now }: Situation) => {
  const verdict = decideRefundStatus(facts, policy, readUntil, now)
  return { ...verdict, unread: verdict.unread.toSorted() }
}

describe('the verdict at the exact boundary', () => {
  test.each(boundaryTable)('$name', ({ rule, situation, status, reason, unread }) => {
    expect(decide(situation)).toMatchObject({ status, reason, unread })
    expect(ruleOf(situation)).toBe(rule)
  })

  test('is listed for every rule', () => {
    expect(new Set(boundaryTable.map(({ rule }) => rule)).size).toBe(rules.length)
    expect(rules).toHaveLength(23)
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
    { numRuns: 10_000 },
  )
  // 22 rules, and `cannot_tell` for the six that need proof.
  expect(seen.size).toBe(29)
  expect(Math.min(...seen.values())).toBeGreaterThan(5)
})

test('keeps the verdict up to and including its due time, and changes it right after', () => {
  const later = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(situations, later, (situation, part) => {
      const { dueAt, status, reason } = decide(situation)
      const at = (now: number) => decide({ ...situation, now })
      if (dueAt === null) {
        // Without a wait, only records or reads change the verdict, never time alone.
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

test('calls nothing missing that the balance may hold already', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { charged, refunded, surplus } = situation.facts
      const { status } = decide(situation)
      if (surplus >= charged - refunded) expect(['refund_missing', 'result_missing']).not.toContain(status)
    }),
    { numRuns: 10_000 },
  )
})

test('calls nothing missing if the last read was before the deadline', () => {
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
