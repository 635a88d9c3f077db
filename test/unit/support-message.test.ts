import { describe, expect, it } from 'vitest'
import { supportMessage } from '../../src/core/domain/support-message.ts'
import { say } from '../../src/core/host/messages.ts'
import type { CaseDetail } from '../../src/shared/views.ts'
import { boundaryTable } from '../property/refund-table.ts'
import { makeLedgerItem, midnight } from '../support/records.ts'

const account = { id: 'account-1', displayName: '김하늘', email: 'haneul@example.com', signInMethod: 'google' }

const detail = (partial: Partial<CaseDetail> = {}): CaseDetail => ({
  account: null,
  case: 'job:agent-2:lost',
  agent: 'agent-2',
  jobId: 'lost',
  kind: 'video',
  model: 'Seedance 2.0',
  prompt: '노을 지는 종이학',
  chatTitle: '봄 전시 포스터',
  outcome: 'failed',
  refundStatus: 'refund_missing',
  reason: 'system_failure',
  charged: 33,
  refunded: 0,
  outstanding: 33,
  since: midnight,
  precisionMs: 1,
  deadlineAt: midnight,
  dueAt: null,
  unread: [],
  historyEndsAt: null,
  jobsListedFrom: null,
  creditsListedFrom: null,
  surplus: 0,
  lacking: [],
  unreadable: [],
  matchedCharge: null,
  thumbnail: { id: 'result-1', mimeType: 'video/mp4', width: null, height: null, durationMs: null, bytes: null },
  dismissedAt: null,
  transactions: [makeLedgerItem({ id: 'charge-1', amount: -33 })],
  possible: { refunds: [], cases: [], together: [], jobs: [] },
  evidence: [],
  failure: { code: 'render_timeout', origin: 'system', message: null },
  chatUrl: null,
  marks: { favorite: false, unwanted: false, note: '혼자 보는 메모', dismissedAt: null },
  support: [],
  ...partial,
})

const write = (lng: 'ko' | 'en', cases: CaseDetail[], ticked = { prompts: false, results: false }) =>
  supportMessage(
    { account, cases, streams: [], ...ticked },
    {
      say: (key, params) => say(key, lng, params),
      time: (at, precisionMs = 1) => new Date(at).toISOString().slice(0, precisionMs >= 86_400_000 ? 10 : 24),
    },
  )

describe.each(['ko', 'en'] as const)('the message to support in %s', (lng) => {
  it('has a text for every verdict of the rules', () => {
    for (const { situation, status, reason } of boundaryTable) {
      const { charged, refunded } = situation.facts
      const item = detail({ refundStatus: status, reason, charged, refunded, outstanding: charged - refunded })
      const { subject, text } = write(lng, [item])
      expect(subject + text, `${status} ${reason}`).not.toMatch(/support\.|status\.|\{\{|undefined|null/)
    }
  })

  it('states only the day of a charge whose table states no time', () => {
    const charge = {
      case: 'charge:a',
      outcome: 'no_job',
      since: Date.UTC(2026, 0, 28),
      precisionMs: 86_400_000,
    } as const
    expect(write(lng, [detail({ ...charge, transactions: [] })]).text).toMatch(/2026-01-28$/m)
    const row = makeLedgerItem({ occurredAt: Date.UTC(2026, 0, 27), precisionMs: 86_400_000 })
    expect(write(lng, [detail({ ...charge, transactions: [row] })]).text).toMatch(/2026-01-27$/m)
  })

  it('states the outstanding credits of a partial refund, and names every row', () => {
    const { text } = write(lng, [
      detail({
        refunded: 13,
        outstanding: 20,
        transactions: [
          makeLedgerItem({ id: 'charge-1', amount: -30 }),
          makeLedgerItem({ id: 'charge-2', amount: -3 }),
          makeLedgerItem({ id: 'refund-1', kind: 'refund', amount: 13 }),
        ],
      }),
    ])
    expect(text).toContain('charge-1, charge-2')
    expect(text).toContain('refund-1')
    expect(text).toMatch(lng === 'ko' ? /일부만 돌아왔어요/ : /only a part came back/)
    expect(text).toMatch(lng === 'ko' ? /20 크레딧이 돌아오지 않았어요/ : /20 credits have not come back/)
  })

  it('says what speaks against the case: the end of the history, the balance, or an unreadable record', () => {
    const unproven: Partial<CaseDetail> = { refundStatus: 'cannot_tell', unread: ['credits'] }
    expect(write(lng, [detail({ ...unproven, historyEndsAt: midnight })]).text).toContain('2026-01-28T00:00')
    expect(write(lng, [detail({ ...unproven, surplus: 40 })]).text).toMatch(/40 (크레딧|credits)/)
    expect(write(lng, [detail({ ...unproven, unreadable: ['credits'] })]).text).toMatch(
      /읽을 수 없는 기록|could not be read/,
    )
  })

  it('counts cases and credits in the subject', () => {
    expect(write(lng, [detail()]).subject).toMatch(lng === 'ko' ? /1건, 33 크레딧/ : /1 case, 33 credits/)
    expect(write(lng, [detail(), detail()]).subject).toMatch(lng === 'ko' ? /2건, 66 크레딧/ : /2 cases, 66 credits/)
  })

  it('leaves out everything that was not chosen, and always the note', () => {
    const { subject, text } = write(lng, [detail()])
    for (const secret of ['종이학', 'result-1', '메모']) expect(subject + text).not.toContain(secret)
    const ticked = write(lng, [detail()], { prompts: true, results: true })
    expect(ticked.text).toContain('종이학')
    expect(ticked.text).toContain('result-1')
    expect(ticked.text).not.toContain('메모')
  })
})
