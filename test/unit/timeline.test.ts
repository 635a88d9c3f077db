import { expect, test } from 'vitest'
import { timelineOf } from '../../src/core/domain/timeline.ts'
import { makeLedgerItem } from '../support/records.ts'

const facts = {
  outcome: 'succeeded' as const,
  createdAt: 100,
  startedAt: 110,
  finishedAt: 150,
  deadlineAt: null,
  transactions: [makeLedgerItem({ id: 'charge', amount: -10, occurredAt: 105 })],
}
const told = (timeline: ReturnType<typeof timelineOf>) => timeline.map(({ type, at }) => `${at} ${type}`)

test('lists request, charge, start and end of a job that succeeded', () => {
  expect(timelineOf(facts)).toEqual([
    { type: 'asked', at: 100, amount: null, transactionId: null },
    { type: 'charged', at: 105, amount: 10, transactionId: 'charge' },
    { type: 'started', at: 110, amount: null, transactionId: null },
    { type: 'finished', at: 150, amount: null, transactionId: null },
  ])
})

test('orders events of the same time by cause and effect', () => {
  const transactions = [
    makeLedgerItem({ id: 'refund', kind: 'refund', amount: 10, occurredAt: 100 }),
    makeLedgerItem({ id: 'charge', amount: -10, occurredAt: 100 }),
  ]
  const timeline = timelineOf({
    ...facts,
    outcome: 'failed',
    startedAt: 100,
    finishedAt: 100,
    deadlineAt: 100,
    transactions,
  })
  expect(timeline.map(({ type }) => type)).toEqual(['asked', 'charged', 'started', 'failed', 'refunded', 'deadline'])
})

test.each([
  ['queued', ['100 asked', '105 charged', '110 started']],
  ['running', ['100 asked', '105 charged', '110 started']],
  ['unknown', ['100 asked', '105 charged', '110 started']],
  ['failed', ['100 asked', '105 charged', '110 started', '150 failed']],
  ['canceled', ['100 asked', '105 charged', '110 started', '150 canceled']],
] as const)('of a job that is %s', (outcome, expected) => {
  expect(told(timelineOf({ ...facts, outcome }))).toEqual(expected)
})

test('leaves out unknown events', () => {
  const bare = { ...facts, startedAt: null, finishedAt: null, transactions: [] }
  expect(told(timelineOf(bare))).toEqual(['100 asked'])
})

test('places an early refund and a retracted charge at their own times', () => {
  const transactions = [
    makeLedgerItem({ id: 'charge', amount: -10, occurredAt: 120, retractedAt: 900 }),
    makeLedgerItem({ id: 'refund', kind: 'refund', amount: 4, occurredAt: 90 }),
  ]
  const timeline = timelineOf({ ...facts, deadlineAt: 800, transactions })
  expect(told(timeline)).toEqual([
    '90 refunded',
    '100 asked',
    '110 started',
    '120 charged',
    '150 finished',
    '800 deadline',
    '900 retracted',
  ])
  expect(timeline.at(-1)).toEqual({ type: 'retracted', at: 900, amount: 10, transactionId: 'charge' })
})
