import { describe, expect, it } from 'vitest'
import { planMissing, planNoResult } from '../../src/renderer/screens/help/plan.ts'

type Item = NonNullable<Parameters<typeof planNoResult>[1]['item']>

const item = (fields: Partial<Item>): Item => ({
  refundStatus: 'result_missing',
  reason: 'no_result',
  refunded: 0,
  surplus: 0,
  unreadable: [],
  outcome: 'unknown',
  agent: 'agent-1',
  jobId: 'j1',
  ...fields,
})
const open = item({ refundStatus: 'needs_review', reason: 'unknown_status' })
const failed = item({ refundStatus: 'refund_missing', reason: 'system_failure', outcome: 'failed' })
const delivered = item({ refundStatus: 'completed', reason: 'delivered', outcome: 'succeeded' })
const chosen = { agent: 'agent-2', jobId: 'j2' } as const

describe('the wizard for a missing result', () => {
  it('asks for the charge while none is chosen, for any step in the address', () => {
    expect(planNoResult({ step: 'end' }, { item: null, unread: 0 })).toEqual({
      steps: ['charge', 'refunded', 'result', 'signIn', 'end'],
      current: 'charge',
    })
  })

  it('answers at once if the refund rules explain the charge', () => {
    const plan = planNoResult(
      { step: 'end' },
      { item: item({ refundStatus: 'refunded', reason: 'refund_posted' }), unread: 1 },
    )
    expect(plan).toMatchObject({ current: 'refunded', answer: 'explained' })
  })

  it('shows the delivered job, and searches on once the user rejects it', () => {
    expect(planNoResult({}, { item: delivered, unread: 0 })).toMatchObject({ current: 'result', answer: 'found' })
    const rejected = planNoResult({ step: 'result' }, { item: delivered, unread: 0 })
    expect(rejected.current).toBe('result')
    expect(rejected.answer).toBeUndefined()
  })

  it('answers with the job that the user recognized', () => {
    const plan = planNoResult({ step: 'result', result: chosen }, { item: open, unread: 0 })
    expect(plan).toMatchObject({ current: 'result', answer: 'found' })
  })

  it('walks from the result over the sign-in and the unsynced streams to the end', () => {
    const at = (step?: 'signIn' | 'unread' | 'end') => planNoResult({ step }, { item: open, unread: 2 })
    expect(at().steps).toEqual(['charge', 'refunded', 'result', 'signIn', 'unread', 'end'])
    expect([at(), at('signIn'), at('unread'), at('end')].map(({ current }) => current)).toEqual([
      'result',
      'signIn',
      'unread',
      'end',
    ])
  })

  it('answers with another sign-in', () => {
    const plan = planNoResult({ step: 'otherSignIn' }, { item: open, unread: 0 })
    expect(plan).toMatchObject({ current: 'signIn', answer: 'otherSignIn' })
  })

  it('searches for no result of a failed job', () => {
    const plan = planNoResult({}, { item: failed, unread: 0 })
    expect(plan).toEqual({ steps: ['charge', 'refunded', 'end'], current: 'end', answer: 'contact' })
    expect(planNoResult({}, { item: failed, unread: 1 })).toMatchObject({ current: 'unread' })
  })

  it('skips to the end once every stream is synced', () => {
    expect(planNoResult({ step: 'unread' }, { item: open, unread: 0 })).toMatchObject({ current: 'end' })
  })

  it.each([
    ['completed', 'delivered', 'delivered'],
    ['cannot_tell', 'no_result', 'unread'],
    ['result_missing', 'no_result', 'contact'],
  ] as const)('ends a search for %s (%s) with the answer %s', (refundStatus, reason, answer) => {
    expect(planNoResult({ step: 'end' }, { item: item({ refundStatus, reason }), unread: 0 }).answer).toBe(answer)
  })
})

describe('the wizard for missing chats and works', () => {
  it('asks for the words first, and answers with the chosen job', () => {
    expect(planMissing({}, { unread: 0 })).toEqual({ steps: ['search', 'signIn', 'end'], current: 'search' })
    expect(planMissing({ result: chosen, step: 'end' }, { unread: 0 })).toMatchObject({
      current: 'search',
      answer: 'found',
    })
  })

  it('answers with another sign-in', () => {
    expect(planMissing({ step: 'otherSignIn' }, { unread: 0 })).toMatchObject({
      current: 'signIn',
      answer: 'otherSignIn',
    })
  })

  it('asks for a sync while streams are not synced, and then ends elsewhere', () => {
    expect(planMissing({ step: 'unread' }, { unread: 1 })).toMatchObject({ current: 'unread' })
    expect(planMissing({ step: 'unread' }, { unread: 0 })).toMatchObject({ current: 'end', answer: 'elsewhere' })
  })
})
