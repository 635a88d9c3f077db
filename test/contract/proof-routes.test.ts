/** The routes that explain missing credits: findings, reconciliation, marks, the support diary and the look-around. */
import { describe, expect, it } from 'vitest'
import type { RouteInput } from '../../src/shared/routes.ts'
import { withCore } from '../support/hooks.ts'

const noon = Date.UTC(2026, 0, 28, 12)
const minute = 60_000
const iso = (time: number) => new Date(time).toISOString()

const test = withCore(noon)

/** A failed video whose wait has run out, with its charge. */
function addMissingRefund(id = 'lost') {
  test.service.addJob({
    id,
    agent: 'agent-2',
    status: 'failed',
    failure: { code: 'render_timeout', origin: 'system', message: null },
    createdAt: iso(noon - 90 * minute),
    finishedAt: iso(noon - 80 * minute),
    results: [],
    prompt: '노을 지는 한강 위를 나는 종이학',
    chatTitle: '봄 전시 포스터',
    kind: 'video',
  })
  test.service.addTransaction({
    id: `${id}-charge`,
    feature: 'video',
    amount: -33,
    jobId: id,
    agent: 'agent-2',
    occurredAt: iso(noon - 90 * minute),
  })
  return `job:agent-2:${id}`
}

describe('findings', () => {
  it('reports each irregularity once', async () => {
    const at = iso(noon - 60 * minute)
    const prompt = '백자 달항아리'
    for (const id of ['a', 'b']) test.service.addJob({ id, createdAt: at, prompt })
    test.service.addTransaction({ id: 'a-charge', jobId: 'a', agent: 'agent-1', occurredAt: at })
    test.service.addTransaction({
      id: 'b-charge',
      jobId: 'b',
      agent: 'agent-1',
      occurredAt: iso(noon - 60 * minute + 59_999),
    })
    test.service.addJob({ id: 'c', createdAt: at, prompt: 'other' })
    test.service.addTransaction({ id: 'c-charge', jobId: 'c', agent: 'agent-1', occurredAt: at })
    const refund = { kind: 'refund', amount: 10, occurredAt: iso(noon - 50 * minute) }
    test.service.addTransaction({ ...refund, id: 'c-refund-1', jobId: 'c', agent: 'agent-1' })
    test.service.addTransaction({ ...refund, id: 'c-refund-2', jobId: 'c', agent: 'agent-1' })
    test.service.addTransaction({ ...refund, id: 'stray' })
    test.service.addTransaction({ ...refund, id: 'of-chat', reverses: 'chat', feature: 'chat' })
    test.service.addTransaction({ id: 'chat', feature: 'chat', amount: -10, occurredAt: at })
    test.service.addTransaction({ id: 'retracted', feature: 'video', occurredAt: iso(noon - 55 * minute) })
    await test.sync()
    test.service.retractTransaction('retracted')
    test.service.trimLog()
    await test.sync()
    const findings = await test.ask('credits.findings', { days: 30 })
    const listed = findings.map(({ kind, amount, transactionIds }) => [kind, amount, ...transactionIds])
    expect(listed.sort()).toEqual([
      ['double_charge', 10, 'a-charge', 'b-charge'],
      ['double_refund', 10, 'c-refund-1', 'c-refund-2'],
      ['refund_without_charge', 10, 'stray'],
      ['withdrawn_charge', 10, 'retracted'],
    ])
  })

  it('does not report two charges a whole minute apart as a double charge', async () => {
    const at = noon - 60 * minute
    for (const [id, time] of [
      ['a', at],
      ['b', at + minute],
    ] as const) {
      test.service.addJob({ id, createdAt: iso(time), prompt: 'the same' })
      test.service.addTransaction({ id: `${id}-charge`, jobId: id, agent: 'agent-1', occurredAt: iso(time) })
    }
    await test.sync()
    expect(await test.ask('credits.findings', { days: 30 })).toEqual([])
  })
})

describe('reconciliation', () => {
  it('adds up, and names the causes of a difference', async () => {
    test.service.addTransaction({
      kind: 'grant',
      amount: 100,
      balanceAfter: 1_100,
      occurredAt: iso(noon - 60 * minute),
    })
    test.service.addTransaction({ id: 'spent', amount: -30, balanceAfter: 1_070, occurredAt: iso(noon - 50 * minute) })
    Object.assign(test.service.account, { balance: 1_070, balanceAsOf: iso(noon) })
    await test.sync()
    expect(await test.ask('credits.reconcile', {})).toMatchObject({
      opening: 1_000,
      ledger: 70,
      difference: 0,
      candidates: [],
    })

    test.service.account.balance = 1_100
    test.service.retractTransaction('spent')
    test.service.addTransaction({ kind: 'charge', feature: 'chat', amount: 0, occurredAt: iso(noon) })
    test.service.trimLog()
    await test.sync()
    expect(await test.ask('credits.reconcile', {})).toMatchObject({ difference: 0 })

    test.service.account.balance = 1_050
    test.service.addTransaction({
      kind: 'grant',
      amount: 60,
      expiresAt: iso(noon - minute),
      occurredAt: iso(noon - 40 * minute),
    })
    await test.sync()
    const after = await test.ask('credits.reconcile', {})
    expect(after?.difference).toBe(-110)
    // Only the rest of the grant can have run out.
    expect(after?.candidates.filter((candidate) => candidate.explains)).toMatchObject([{ amount: -60 }])
    expect(after?.unexplained).toBe(-50)
    test.service.account.balance = 1_120
    await test.sync()
    const lapsed = await test.ask('credits.reconcile', {})
    expect(lapsed?.difference).toBe(-40)
    expect(lapsed?.candidates.filter((candidate) => candidate.explains).map((one) => one.kind)).toEqual([
      'expired_unlisted',
    ])
  })

  it('reports if the balance before the oldest record is unknown', async () => {
    test.service.addTransaction({ amount: -30 })
    await test.sync()
    expect(await test.ask('credits.reconcile', {})).toMatchObject({ opening: null, difference: null })
  })
})

describe('marks', () => {
  it('keeps the marks of a case through a sync, and clears them on request', async () => {
    const name = addMissingRefund()
    await test.sync()
    expect(await test.ask('refunds.counts', {})).toMatchObject({ attention: 1, attentionCredits: 33, openCredits: 33 })
    await test.ask('marks.set', { case: name, favorite: true, note: '담당자와 통화함' })
    await test.ask('marks.set', { case: name, dismissed: true })
    const dismissed = await test.ask('refunds.counts', {})
    expect(dismissed).toMatchObject({ attention: 0, attentionCredits: 0, open: 0, openCredits: 0, all: 1 })
    expect((await test.ask('refunds.list', { tab: 'open' })).items).toEqual([])
    test.service.reviseJob('lost', { chatTitle: 'renamed' })
    await test.sync()
    const detail = await test.ask('refunds.get', { case: name })
    expect(detail.marks).toEqual({ favorite: true, unwanted: false, note: '담당자와 통화함', dismissedAt: noon })
    expect(detail.refundStatus).toBe('refund_missing')
    await test.ask('marks.set', { case: name, dismissed: false, note: null })
    expect((await test.ask('refunds.counts', {})).attention).toBe(1)
    expect(await test.refusal('marks.set', { case: 'job:agent-1:unknown', favorite: true })).toBe('not_found')
  })
})

describe('support', () => {
  const draftOf = (name: string, extra: Partial<RouteInput<'support.draft'>> = {}) =>
    test.ask('support.draft', {
      cases: [name],
      language: 'both',
      timeZone: 'Asia/Seoul',
      prompts: false,
      results: false,
      ...extra,
    })

  it('writes the message in both languages and without the prompt unless it is ticked', async () => {
    const name = addMissingRefund()
    await test.sync()
    const { subject, text } = await draftOf(name)
    expect(subject).toContain('33')
    for (const fact of [
      '김하늘',
      'haneul@example.com',
      '에이전트 2.0',
      'Agent 2.0',
      '봄 전시 포스터',
      'render_timeout',
      'lost-charge',
      'GMT+9',
    ]) {
      expect(text).toContain(fact)
    }
    expect(text).not.toContain('종이학')
    expect(text).not.toMatch(/support\.|\{\{/)
    expect((await draftOf(name, { prompts: true })).text).toContain('종이학')
    expect(
      await test.refusal('support.draft', {
        cases: [name],
        language: 'ko',
        timeZone: 'Mars/Base',
        prompts: false,
        results: false,
      }),
    ).toBe('invalid_input')
  })

  it('keeps a message about no case until the user resolves it', async () => {
    addMissingRefund()
    await test.sync()
    const saved = await test.ask('support.save', { cases: [], subject: 'Balance', text: 'It does not add up.' })
    test.service.addTransaction({ kind: 'refund', amount: 33, jobId: 'lost', agent: 'agent-2', occurredAt: iso(noon) })
    await test.sync()
    expect(await test.ask('support.list', {})).toMatchObject([{ id: saved.id, cases: [], state: 'draft' }])
    await test.ask('support.update', { id: saved.id, state: 'resolved' })
    expect(await test.ask('support.list', {})).toMatchObject([{ state: 'resolved', closedBy: 'user' }])
  })

  it('keeps a diary and closes an entry when the refund arrives', async () => {
    const name = addMissingRefund()
    await test.sync()
    const saved = await test.ask('support.save', { cases: [name], ...(await draftOf(name)) })
    expect(saved).toMatchObject({ state: 'draft', closedBy: null })
    await test.ask('support.update', { id: saved.id, state: 'sent', remindAt: noon + 24 * 60 * minute })
    expect((await test.ask('refunds.get', { case: name })).support.map((entry) => entry.state)).toEqual(['sent'])
    expect((await test.ask('support.mail', { id: saved.id })).url).toMatch(/^mailto:help@carat\.im\?subject=/)
    test.service.addTransaction({ kind: 'refund', amount: 33, jobId: 'lost', agent: 'agent-2', occurredAt: iso(noon) })
    await test.sync()
    expect(await test.ask('support.list', {})).toMatchObject([
      { id: saved.id, state: 'resolved', closedBy: 'refund', remindAt: null },
    ])
    const [entry] = await test.ask('support.list', {})
    await test.ask('support.delete', { id: saved.id })
    expect(await test.ask('support.list', {})).toEqual([])
    expect(await test.refusal('support.mail', { id: saved.id })).toBe('not_found')
    expect(await test.refusal('links.open', { support: saved.id })).toBe('not_found')
    if (entry) await test.ask('support.restore', entry)
    expect(await test.ask('support.list', {})).toEqual([entry])
    const { url } = await test.ask('support.mail', { id: saved.id })
    expect(await test.ask('support.mail', { subject: saved.subject, text: saved.text })).toMatchObject({ url })
    expect(await test.ask('links.open', { support: saved.id })).toEqual({ url })
  })
})

describe('help', () => {
  it('finds the result in the other library, the nearest result of the same model first', async () => {
    test.service.addTransaction({
      id: 'alone',
      feature: 'image',
      model: 'Seedream 4.0',
      occurredAt: iso(noon - 60 * minute),
    })
    test.service.addJob({ id: 'near', agent: 'agent-1', createdAt: iso(noon - 58 * minute), model: 'Z Image' })
    test.service.addJob({ id: 'same', agent: 'agent-2', createdAt: iso(noon - 30 * minute), model: 'Seedream 4.0' })
    test.service.addJob({ id: 'empty', agent: 'agent-2', createdAt: iso(noon - 59 * minute), results: [] })
    test.service.addJob({ id: 'far', agent: 'agent-2', createdAt: iso(noon - 600 * minute), model: 'Seedream 4.0' })
    await test.sync()
    const byCase = await test.ask('help.lookAround', { case: 'charge:alone', hours: 2 })
    expect(byCase.candidates.map((job) => [job.jobId, job.agent, job.apartMs / minute])).toEqual([
      ['same', 'agent-2', 30],
      ['near', 'agent-1', 2],
    ])
    const byTime = await test.ask('help.lookAround', { at: noon - 61 * minute, hours: 1 })
    expect(byTime.charges.map((row) => row.id)).toEqual(['alone'])
  })

  it('shows the charges nearest to a time, newest first, even if many came later', async () => {
    const at = noon - 90 * minute
    for (let count = -20; count <= 20; count++) {
      test.service.addTransaction({ id: `charge ${count}`, occurredAt: iso(at + count * minute) })
    }
    await test.sync()
    const { charges } = await test.ask('help.lookAround', { at: at + 1_000, hours: 1 })
    expect(charges.map((row) => row.id)).toEqual(Array.from({ length: 12 }, (_, index) => `charge ${6 - index}`))
    expect(charges.map((row) => row.runningBalance)).toEqual(charges.map((_, index) => 1_000 + (14 + index) * 10))
  })

  it('reports another sign-in with the same e-mail and removed jobs', async () => {
    test.service.addJob({ id: 'kept' })
    test.service.addJob({ id: 'dropped' })
    await test.sync()
    test.service.deleteJob('dropped')
    await test.sync()
    Object.assign(test.service.account, { id: 'account-2', signInMethod: 'kakao', displayName: '하늘' })
    test.clock.time = noon + minute
    await test.restart()
    await test.sync()
    const second = await test.ask('help.whereabouts', {})
    expect(second.otherAccounts).toMatchObject([
      { displayName: '김하늘', signInMethod: 'google', sameEmail: true, jobs: 2 },
    ])
    Object.assign(test.service.account, { id: 'account-1', signInMethod: 'google' })
    test.clock.time = noon + 2 * minute
    await test.restart()
    await test.sync()
    const first = await test.ask('help.whereabouts', { text: 'prompt' })
    expect(first.agents).toMatchObject([
      { agent: 'agent-1', jobs: 2, removed: 1 },
      { agent: 'agent-2', jobs: 0 },
    ])
    expect(first.matches).toHaveLength(2)
  })
})
