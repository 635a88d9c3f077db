import { describe, expect, it, test } from 'vitest'
import en from '../../resources/locales/en.json' with { type: 'json' }
import ko from '../../resources/locales/ko.json' with { type: 'json' }
import { nextStep } from '../../src/renderer/parts/credits/next-step.ts'
import { caseRows, rowKey, sectionRows } from '../../src/renderer/screens/refunds/sections.ts'
import { type AnswerKey, answerKeys, answerOf } from '../../src/shared/refund-answers.ts'
import type { RefundReason, RefundStatus } from '../../src/shared/values.ts'
import type { CaseCounts } from '../../src/shared/views.ts'
import { rules } from '../property/refund-oracle.ts'
import { boundaryTable } from '../property/refund-table.ts'
import { makeCaseItem } from '../support/records.ts'

/** Every verdict of the rules, as `status.reason`. */
const answers = [...new Set(boundaryTable.map((row) => `${row.status}.${row.reason}` as AnswerKey))].sort()
/** A missing rest of a refund has its own text, although the rule is the same. */
const told: AnswerKey[] = [...answers, 'refund_missing.part_refunded' as const].sort()

test('the table of answers has exactly the verdicts of the rules', () => {
  expect(answerKeys.toSorted()).toEqual(told)
})

describe('the texts of the verdicts', () => {
  it.each(Object.entries({ ko, en }))('have title, reason and change for every verdict in %s', (_, { refunds }) => {
    const rows = Object.entries(refunds.verdict).flatMap(([status, reasons]) =>
      Object.entries(reasons).map(([reason, parts]) => ({ answer: `${status}.${reason}`, parts })),
    )
    expect(rows.map(({ answer }) => answer).sort()).toEqual(told)
    for (const { answer, parts } of rows) {
      expect(Object.keys(parts).sort(), answer).toEqual(['change', 'title', 'why'])
      for (const text of Object.values(parts)) expect(text.trim(), answer).not.toBe('')
    }
  })

  it('cover every rule, and the six that may be unproven', () => {
    const byRule = Map.groupBy(boundaryTable, ({ rule }) => rule)
    expect([...byRule.keys()]).toEqual(rules.map(({ id }) => id))
    const unproven = [...byRule].filter(([, rows]) => rows.some(({ status }) => status === 'cannot_tell'))
    expect(unproven.map(([rule]) => rule)).toEqual(['R1', 'R6', 'R20', 'R10', 'R12', 'R16'])
  })

  it.each(Object.entries({ ko, en }))('name every next step and its effect in %s', (_, { refunds, sync }) => {
    const steps = new Set(answers.map((answer) => step(answer)))
    const labels = { ...refunds.step, sync: { label: sync.now }, chat: { label: refunds.job.openChat } }
    for (const name of steps) {
      expect(labels[name].label).toBeTruthy()
      expect(refunds.step[name].promise).toBeTruthy()
    }
  })

  it.each(Object.entries({ ko, en }))('explain the reason in two sentences at most in %s', (_, { refunds }) => {
    const whys = Object.values(refunds.verdict).flatMap((reasons) => Object.values(reasons).map(({ why }) => why))
    expect(whys.filter((why) => why.split(/[.?!](?=\s|$)/).filter(Boolean).length > 2)).toEqual([])
  })

  it('name every doubt on screen and on the command line', () => {
    for (const texts of [en, ko]) expect(Object.keys(texts.cli.doubt)).toEqual(Object.keys(texts.refunds.doubt))
  })

  it('use 해요체 in Korean', () => {
    const rows = Object.values(ko.refunds.verdict).flatMap((reasons) => Object.values(reasons))
    const doubts = Object.values(ko.refunds.doubt).flatMap(({ why, change }) => [why, change])
    const texts = [...doubts, ...rows.flatMap(({ title, why, change }) => [title, why, change])]
    expect(texts.filter((text) => !/요\.?$/.test(text))).toEqual([])
  })
})

function itemOf(answer: AnswerKey) {
  const [refundStatus, reason] = answer.split('.') as [RefundStatus, RefundReason]
  return { refundStatus, reason, refunded: 0 }
}

const certain = {
  surplus: 0,
  unreadable: [],
  lacking: [],
  jobsListedFrom: null,
  creditsListedFrom: null,
  historyEndsAt: null,
}

const step = (answer: AnswerKey, chatUrl: string | null = 'https://carat.im/chat/1') =>
  nextStep({ ...itemOf(answer), ...certain, chatUrl })

describe('the next step', () => {
  it('is defined for every verdict', () => {
    expect(Object.fromEntries(answers.map((answer) => [answer, step(answer)]))).toEqual({
      'cannot_tell.no_job': 'sync',
      'cannot_tell.no_result': 'sync',
      'cannot_tell.over_refunded': 'sync',
      'cannot_tell.partly_delivered': 'sync',
      'cannot_tell.stuck': 'sync',
      'cannot_tell.system_failure': 'sync',
      'completed.delivered': 'result',
      'in_progress.awaiting_job': 'libraries',
      'in_progress.awaiting_result': 'libraries',
      'in_progress.generating': 'chat',
      'needs_review.canceled': 'support',
      'needs_review.job_deleted': 'support',
      'needs_review.over_refunded': 'ledger',
      'needs_review.partly_delivered': 'support',
      'needs_review.policy_block': 'support',
      'needs_review.possible_deletion': 'support',
      'needs_review.possible_job': 'libraries',
      'needs_review.possible_refund': 'ledger',
      'needs_review.unknown_failure': 'support',
      'needs_review.unknown_status': 'support',
      'not_charged.no_charge': 'job',
      'partially_refunded.part_refunded': 'result',
      'partially_refunded.share_refunded': 'result',
      'refund_missing.system_failure': 'support',
      'refund_pending.partly_delivered': 'result',
      'refund_pending.system_failure': 'chat',
      'refunded.charge_withdrawn': 'ledger',
      'refunded.refund_lapsed': 'ledger',
      'refunded.refund_posted': 'ledger',
      'result_missing.no_job': 'support',
      'result_missing.no_result': 'support',
      'result_missing.stuck': 'support',
    })
  })

  it('is the job if the chat has no address', () => {
    expect(step('refund_pending.system_failure', null)).toBe('job')
    expect(step('in_progress.generating', null)).toBe('job')
  })

  it.each([
    { surplus: 33 },
    { unreadable: ['credits' as const] },
    { unreadable: ['jobs:agent-1' as const] },
    { jobsListedFrom: 1 },
    { creditsListedFrom: 1 },
  ])('is a message to support if no later sync can remove the doubt: %o', (doubt) => {
    for (const answer of ['cannot_tell.system_failure', 'cannot_tell.stuck'] as const) {
      expect(nextStep({ ...itemOf(answer), ...certain, chatUrl: null, ...doubt })).toBe('support')
    }
  })

  it('is a sync if the history only ends early', () => {
    const item = { ...itemOf('cannot_tell.system_failure'), ...certain, chatUrl: null, historyEndsAt: 1 }
    expect(nextStep(item)).toBe('sync')
  })

  it('suggests other places only if a result may be missing', () => {
    const looked = answers.filter((answer) => answerOf(itemOf(answer)).mayBeElsewhere)
    expect(looked).toEqual([
      'cannot_tell.no_job',
      'cannot_tell.no_result',
      'cannot_tell.stuck',
      'needs_review.possible_job',
      'result_missing.no_job',
      'result_missing.no_result',
      'result_missing.stuck',
    ])
  })

  it('asks for a human judgement only if the rules give no verdict', () => {
    const asked = answers.filter((answer) => answerOf(itemOf(answer)).needsJudgement)
    expect(asked.map((answer) => answer.split('.')[1])).toEqual([
      'canceled',
      'job_deleted',
      'partly_delivered',
      'policy_block',
      'possible_deletion',
      'unknown_failure',
      'unknown_status',
    ])
  })
})

describe('the sections of the list', () => {
  const open = [
    makeCaseItem({ case: 'charge:overdue', refundStatus: 'refund_missing', reason: 'system_failure' }),
    makeCaseItem({ case: 'charge:blocked', refundStatus: 'needs_review', reason: 'policy_block' }),
    makeCaseItem({ case: 'charge:pending', refundStatus: 'refund_pending', reason: 'system_failure' }),
  ]
  const closed = [
    makeCaseItem({ case: 'charge:partly', refundStatus: 'partially_refunded', refunded: 4 }),
    makeCaseItem({ case: 'charge:refunded', refundStatus: 'refunded', refunded: 33 }),
  ]
  // There are more cases than on the page: the headings count all of them.
  const counts = { open: 9, refunded: 2, all: 40, matches: 0, attention: 5, openCredits: 120, attentionCredits: 83 }
  const byStatus = {} as CaseCounts['byStatus']

  it('start with the cases that need attention and the sum of their credits', () => {
    const rows = sectionRows(open, closed, { ...counts, byStatus })
    expect(rows.filter((row) => row.section !== null)).toEqual([
      { section: 'check', count: 5, credits: 83 },
      { section: 'waiting', count: 4, credits: 37 },
      { section: 'closed', count: 2, credits: 37 },
    ])
    expect(rows.map(rowKey)).toEqual([
      'check',
      'charge:overdue',
      'charge:blocked',
      'waiting',
      'charge:pending',
      'closed',
      'charge:partly',
      'charge:refunded',
    ])
  })

  it('leave out a section without cases', () => {
    const rows = sectionRows([], closed, { ...counts, byStatus })
    expect(rows.map((row) => row.section)).toEqual(['closed', null, null])
    expect(caseRows([])).toEqual([])
  })
})
