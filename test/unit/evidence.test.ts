import { describe, expect, test } from 'vitest'
import { evidenceOf } from '../../src/core/domain/evidence.ts'
import { type CaseFacts, decideRefundStatus, type ReadUntil } from '../../src/core/domain/refund-status.ts'
import type { LedgerItem } from '../../src/shared/views.ts'
import { boundaryTable } from '../property/refund-table.ts'
import { makeLedgerItem } from '../support/records.ts'

const policy = { refundGraceMs: 600, generationLimitMs: 1_800 }
const charge = makeLedgerItem({ id: 'charge', amount: -10, occurredAt: 5, source: 'subscription' })
const refund = makeLedgerItem({ id: 'refund', kind: 'refund', amount: 10, occurredAt: 80 })
const failed: CaseFacts = {
  outcome: 'failed',
  failureOrigin: 'system',
  resultCount: 0,
  requestedResults: 1,
  agent: 'agent-2',
  createdAt: 0,
  unsureMs: 0,
  finishedAt: 60,
  charged: 10,
  refunded: 0,
  refundedTries: 0,
  chargeRetracted: false,
  surplus: 0,
  refundLapsed: false,
  lastChargedAt: 5,
  possibleRefund: false,
  isImported: false,
  jobDeleted: false,
  possibleDeletion: false,
  unreadable: [],
  lacksCharges: false,
}
/** Nothing in the balance speaks against the verdict. */
const sure = {
  historyEndsAt: null,
  jobsListedFrom: null,
  creditsListedFrom: null,
  surplus: 0,
  unreadable: [],
  lacking: [],
  matchedCharge: null,
}
const none = { refunds: [], jobs: [] }
const unread: ReadUntil = { 'jobs:agent-1': 1, 'jobs:agent-2': 2, credits: 3 }

function tell(
  facts: CaseFacts,
  now: number,
  readUntil: ReadUntil,
  rows: LedgerItem[],
  code: string | null = null,
  possible: Parameters<typeof evidenceOf>[4] = none,
) {
  const verdict = decideRefundStatus(facts, policy, readUntil, now)
  return evidenceOf(facts, { ...verdict, ...sure }, readUntil, rows, possible, code)
}
const claims = (...told: Parameters<typeof tell>) =>
  tell(...told).map(({ claim, holds }) => (holds ? claim : `! ${claim}`))

test('lists failure, charge, absent refund and a late enough sync for a missing refund', () => {
  const readUntil = { ...unread, credits: 700 }
  expect(tell(failed, 700, readUntil, [charge], 'out_of_memory')).toEqual([
    {
      claim: 'job_status',
      holds: true,
      stream: 'jobs:agent-2',
      readAt: 2,
      at: 60,
      amount: null,
      detail: 'out_of_memory',
    },
    { claim: 'charged', holds: true, stream: 'credits', readAt: 700, at: 5, amount: 10, detail: 'subscription' },
    { claim: 'no_refund', holds: false, stream: 'credits', readAt: 700, at: null, amount: null, detail: null },
    { claim: 'wait_over_read_after', holds: true, stream: null, readAt: null, at: 660, amount: null, detail: null },
  ])
})

test('names the streams still to sync if the last sync was too early', () => {
  expect(tell(failed, 700, unread, [charge]).at(-1)).toEqual({
    claim: 'still_to_read',
    holds: false,
    stream: 'credits',
    readAt: 3,
    at: 660,
    amount: null,
    detail: null,
  })
})

test('names the end of the history, and credits in the balance, instead of a stream to read', () => {
  const verdict = decideRefundStatus(failed, policy, unread, 700)
  const doubted = {
    ...verdict,
    historyEndsAt: 5,
    jobsListedFrom: null,
    creditsListedFrom: null,
    surplus: 10,
    unreadable: [],
    lacking: [],
    matchedCharge: null,
  }
  const lines = evidenceOf(failed, doubted, { ...unread, credits: 700 }, [charge], none, null)
  expect(lines.slice(-2)).toEqual([
    { claim: 'history_ends', holds: false, stream: 'credits', readAt: 700, at: 5, amount: null, detail: null },
    { claim: 'balance_holds_more', holds: true, stream: null, readAt: null, at: null, amount: 10, detail: null },
  ])
})

test.each([
  ['the user', 'user', null, null],
  ['matching', 'matching', 0.978, '97'],
] as const)('names the charge that %s matched to a job without one', (_, by, probability, detail) => {
  const job = { ...failed, outcome: 'succeeded', resultCount: 1, charged: 0 } as const
  const verdict = decideRefundStatus(job, policy, unread, 700)
  const matchedCharge = { case: 'charge:c-1', at: 5, amount: 33, by, probability }
  const lines = evidenceOf(job, { ...verdict, ...sure, matchedCharge }, unread, [], none, null)
  expect(lines).toContainEqual(
    expect.objectContaining({ claim: 'match_charge', holds: true, stream: 'import', at: 5, amount: 33, detail }),
  )
  expect(lines.map(({ claim }) => claim)).not.toContain('not_charged')
})

test('names a record that could not be read instead of a stream to read', () => {
  const read: ReadUntil = { ...unread, credits: 9_999 }
  const facts = { ...failed, unreadable: ['credits'] as const }
  const verdict = decideRefundStatus(facts, policy, read, 9_999)
  const lines = evidenceOf(facts, { ...verdict, ...sure, unreadable: ['credits'] }, read, [charge], none, null)
  expect(lines.at(-1)).toMatchObject({ claim: 'record_unreadable', holds: false, stream: 'credits', readAt: 9_999 })
})

describe('by outcome', () => {
  const late: ReadUntil = { 'jobs:agent-1': 9_999, 'jobs:agent-2': 9_999, credits: 9_999 }
  test.each<[string, string[], Parameters<typeof tell>]>([
    ['while the wait runs', ['job_status', 'charged', '! no_refund', 'wait_running'], [failed, 660, late, [charge]]],
    ['given back', ['job_status', 'charged', 'refunded'], [{ ...failed, refunded: 10 }, 99, late, [charge, refund]]],
    [
      'a retracted charge',
      ['job_status', 'charged', 'charge_retracted'],
      [{ ...failed, refunded: 10, chargeRetracted: true }, 99, late, [{ ...charge, retractedAt: 50 }]],
    ],
    [
      'given back in part',
      ['job_status', 'charged', 'refunded', '! no_rest', 'wait_over_read_after'],
      [{ ...failed, refunded: 4 }, 700, late, [charge, { ...refund, amount: 4 }]],
    ],
    [
      'a retracted refund gives nothing back',
      ['job_status', 'charged', 'refund_retracted', '! no_refund', 'wait_over_read_after'],
      [failed, 700, late, [charge, { ...refund, retractedAt: 90 }]],
    ],
    [
      'delivered',
      ['job_status', 'results', 'charged'],
      [{ ...failed, outcome: 'succeeded', resultCount: 2 }, 99, late, [charge]],
    ],
    [
      'no result',
      ['job_status', '! no_results', 'charged', '! no_refund', 'wait_over_read_after'],
      [{ ...failed, outcome: 'succeeded' }, 9_000, late, [charge]],
    ],
    [
      'given back and taken back',
      ['job_status', 'charged', 'refunded', 'taken_back', '! no_refund_since', 'wait_over_read_after'],
      [failed, 700, late, [charge, refund, { ...refund, id: 'taken', kind: 'adjustment', amount: -10 }]],
    ],
    [
      'a deleted job',
      ['job_deleted', 'charged', '! no_refund'],
      [{ ...failed, outcome: 'no_job', requestedResults: 0, jobDeleted: true }, 9_000, late, [charge]],
    ],
    ['nothing charged', ['job_status', 'not_charged'], [{ ...failed, charged: 0 }, 99, late, []]],
    [
      'no job in either library',
      ['! no_job_record', '! no_job_record', 'charged', '! no_refund', 'wait_over_read_after'],
      [{ ...failed, outcome: 'no_job', requestedResults: 0 }, 9_000, late, [charge]],
    ],
  ])('%s', (_name, expected, told) => {
    expect(claims(...told)).toEqual(expected)
  })
})

test('names exactly the unsynced streams of the verdict at every rule boundary', () => {
  for (const { situation, unread } of boundaryTable) {
    const { facts, policy, readUntil, now } = situation
    const verdict = decideRefundStatus(facts, policy, readUntil, now)
    const lines = evidenceOf(facts, { ...verdict, ...sure }, readUntil, [], none, null)
    const open = lines.filter(({ claim }) => claim === 'still_to_read').map(({ stream }) => stream)
    expect(open.toSorted()).toEqual(unread)
    expect(lines.some(({ claim }) => claim === 'wait_over_read_after')).toBe(
      verdict.deadlineAt !== null && verdict.dueAt === null && unread.length === 0,
    )
  }
})

test('names no agent in which nothing was looked for, if only a table knows a charge that waits', () => {
  const facts: CaseFacts = { ...failed, outcome: 'no_job', finishedAt: null, isImported: true }
  const never: ReadUntil = { 'jobs:agent-1': null, 'jobs:agent-2': null, credits: null }
  expect(claims(facts, 0, never, [charge])).toEqual(['charged', '! no_refund', 'wait_running'])
  expect(claims({ ...facts, isImported: false }, 0, never, [charge])[0]).toBe('! no_job_record')
})
