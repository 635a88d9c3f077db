/** The routes behind "my credits went down": findings, reconciliation, marks, the support diary and the look-around. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'

const noon = Date.UTC(2026, 0, 28, 12)
const minute = 60_000
const iso = (time: number) => new Date(time).toISOString()

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let test: TestCore

beforeEach(async () => {
  service = await createFakeService()
  folder = temporaryFolder()
  test = openTestCore(folder.path, service, testClock(noon))
})
afterEach(async () => {
  await test.close()
  await service.close()
  folder.remove()
})

const sync = () => test.core.syncOnce(testPatience)
async function ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
  const answer = await test.core.dispatch(route, input)
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.data as RouteOutput<R>
}
const refusal = async <R extends RouteName>(route: R, input: RouteInput<R>) => {
  const answer = await test.core.dispatch(route, input)
  return answer.ok ? null : answer.error.code
}

/** A failed video whose wait has run out, with its charge. */
function addMissingRefund(id = 'lost') {
  service.addJob({
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
  service.addTransaction({
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
  it('names each irregularity once', async () => {
    const at = iso(noon - 60 * minute)
    const prompt = '백자 달항아리'
    for (const id of ['a', 'b']) service.addJob({ id, createdAt: at, prompt })
    service.addTransaction({ id: 'a-charge', jobId: 'a', agent: 'agent-1', occurredAt: at })
    service.addTransaction({
      id: 'b-charge',
      jobId: 'b',
      agent: 'agent-1',
      occurredAt: iso(noon - 60 * minute + 59_999),
    })
    service.addJob({ id: 'c', createdAt: at, prompt: 'other' })
    service.addTransaction({ id: 'c-charge', jobId: 'c', agent: 'agent-1', occurredAt: at })
    const refund = { kind: 'refund', amount: 10, occurredAt: iso(noon - 50 * minute) }
    service.addTransaction({ ...refund, id: 'c-refund-1', jobId: 'c', agent: 'agent-1' })
    service.addTransaction({ ...refund, id: 'c-refund-2', jobId: 'c', agent: 'agent-1' })
    service.addTransaction({ ...refund, id: 'stray' })
    service.addTransaction({ ...refund, id: 'of-chat', reverses: 'chat', feature: 'chat' })
    service.addTransaction({ id: 'chat', feature: 'chat', amount: -10, occurredAt: at })
    service.addTransaction({ id: 'gone', feature: 'video', occurredAt: at })
    await sync()
    service.withdrawTransaction('gone')
    service.trimLog()
    await sync()
    const findings = await ask('credits.findings', { days: 30 })
    const listed = findings.map(({ kind, amount, transactionIds }) => [kind, amount, ...transactionIds])
    expect(listed.sort()).toEqual([
      ['double_charge', 10, 'a-charge', 'b-charge'],
      ['double_refund', 10, 'c-refund-1', 'c-refund-2'],
      ['refund_without_charge', 10, 'stray'],
      ['withdrawn_charge', 10, 'gone'],
    ])
  })

  it('takes two charges a whole minute apart for two requests', async () => {
    const at = noon - 60 * minute
    for (const [id, time] of [
      ['a', at],
      ['b', at + minute],
    ] as const) {
      service.addJob({ id, createdAt: iso(time), prompt: 'the same' })
      service.addTransaction({ id: `${id}-charge`, jobId: id, agent: 'agent-1', occurredAt: iso(time) })
    }
    await sync()
    expect(await ask('credits.findings', { days: 30 })).toEqual([])
  })
})

describe('reconciliation', () => {
  it('adds up, and names what explains a difference', async () => {
    service.addTransaction({ kind: 'grant', amount: 100, balanceAfter: 1_100, occurredAt: iso(noon - 60 * minute) })
    service.addTransaction({ id: 'spent', amount: -30, balanceAfter: 1_070, occurredAt: iso(noon - 50 * minute) })
    Object.assign(service.account, { balance: 1_070, balanceAsOf: iso(noon) })
    await sync()
    expect(await ask('credits.reconcile', {})).toMatchObject({
      opening: 1_000,
      ledger: 70,
      difference: 0,
      candidates: [],
    })

    service.account.balance = 1_100
    service.withdrawTransaction('spent')
    service.addTransaction({ kind: 'charge', feature: 'chat', amount: 0, occurredAt: iso(noon) })
    service.trimLog()
    await sync()
    expect(await ask('credits.reconcile', {})).toMatchObject({ difference: 0 })

    service.account.balance = 1_050
    service.addTransaction({
      kind: 'grant',
      amount: 60,
      expiresAt: iso(noon - minute),
      occurredAt: iso(noon - 40 * minute),
    })
    await sync()
    const after = await ask('credits.reconcile', {})
    expect(after?.difference).toBe(-110)
    expect(after?.candidates.filter((candidate) => candidate.explains)).toEqual([])
    service.account.balance = 1_120
    await sync()
    const lapsed = await ask('credits.reconcile', {})
    expect(lapsed?.difference).toBe(-40)
    expect(lapsed?.candidates.filter((candidate) => candidate.explains).map((one) => one.kind)).toEqual([
      'expired_unlisted',
    ])
  })

  it('says so where the balance before the oldest record is not known', async () => {
    service.addTransaction({ amount: -30 })
    await sync()
    expect(await ask('credits.reconcile', {})).toMatchObject({ opening: null, difference: null })
  })
})

describe('marks', () => {
  it('keeps what only the user knows through a sync, and can be taken back', async () => {
    const name = addMissingRefund()
    await sync()
    expect(await ask('refunds.counts', {})).toMatchObject({ attention: 1, attentionCredits: 33, openCredits: 33 })
    await ask('marks.set', { case: name, favorite: true, note: '담당자와 통화함' })
    await ask('marks.set', { case: name, dismissed: true })
    const dismissed = await ask('refunds.counts', {})
    expect(dismissed).toMatchObject({ attention: 0, attentionCredits: 0, open: 0, openCredits: 0, all: 1 })
    expect((await ask('refunds.list', { tab: 'open' })).items).toEqual([])
    service.reviseJob('lost', { chatTitle: 'renamed' })
    await sync()
    const detail = await ask('refunds.get', { case: name })
    expect(detail.marks).toEqual({ favorite: true, unwanted: false, note: '담당자와 통화함', dismissedAt: noon })
    expect(detail.refundStatus).toBe('refund_missing')
    await ask('marks.set', { case: name, dismissed: false, note: null })
    expect((await ask('refunds.counts', {})).attention).toBe(1)
    expect(await refusal('marks.set', { case: 'job:agent-1:nobody', favorite: true })).toBe('not_found')
  })
})

describe('support', () => {
  const draftOf = (name: string, extra: Partial<RouteInput<'support.draft'>> = {}) =>
    ask('support.draft', {
      cases: [name],
      language: 'both',
      timeZone: 'Asia/Seoul',
      prompts: false,
      results: false,
      ...extra,
    })

  it('writes the facts in both languages and leaves the prompt out unless it is ticked', async () => {
    const name = addMissingRefund()
    await sync()
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
      await refusal('support.draft', {
        cases: [name],
        language: 'ko',
        timeZone: 'Mars/Base',
        prompts: false,
        results: false,
      }),
    ).toBe('invalid_input')
  })

  it('keeps a diary, and closes an entry by itself when the refund arrives', async () => {
    const name = addMissingRefund()
    await sync()
    const saved = await ask('support.save', { cases: [name], ...(await draftOf(name)) })
    expect(saved).toMatchObject({ state: 'draft', closedBy: null })
    await ask('support.update', { id: saved.id, state: 'sent', remindAt: noon + 24 * 60 * minute })
    expect((await ask('refunds.get', { case: name })).support.map((entry) => entry.state)).toEqual(['sent'])
    expect((await ask('support.mail', { id: saved.id })).url).toMatch(/^mailto:help@carat\.im\?subject=/)
    service.addTransaction({ kind: 'refund', amount: 33, jobId: 'lost', agent: 'agent-2', occurredAt: iso(noon) })
    await sync()
    expect(await ask('support.list', {})).toMatchObject([
      { id: saved.id, state: 'resolved', closedBy: 'refund', remindAt: null },
    ])
    const [entry] = await ask('support.list', {})
    await ask('support.delete', { id: saved.id })
    expect(await ask('support.list', {})).toEqual([])
    expect(await refusal('support.mail', { id: saved.id })).toBe('not_found')
    expect(await refusal('links.open', { support: saved.id })).toBe('not_found')
    if (entry) await ask('support.restore', entry)
    expect(await ask('support.list', {})).toEqual([entry])
    const { url } = await ask('support.mail', { id: saved.id })
    expect(await ask('support.mail', { subject: saved.subject, text: saved.text })).toMatchObject({ url })
    expect(await ask('links.open', { support: saved.id })).toEqual({ url })
  })
})

describe('help', () => {
  it('finds the result in the other library, nearest with the same model first', async () => {
    service.addTransaction({
      id: 'alone',
      feature: 'image',
      model: 'Seedream 4.0',
      occurredAt: iso(noon - 60 * minute),
    })
    service.addJob({ id: 'near', agent: 'agent-1', createdAt: iso(noon - 58 * minute), model: 'Z Image' })
    service.addJob({ id: 'same', agent: 'agent-2', createdAt: iso(noon - 30 * minute), model: 'Seedream 4.0' })
    service.addJob({ id: 'empty', agent: 'agent-2', createdAt: iso(noon - 59 * minute), results: [] })
    service.addJob({ id: 'far', agent: 'agent-2', createdAt: iso(noon - 600 * minute), model: 'Seedream 4.0' })
    await sync()
    const byCase = await ask('help.lookAround', { case: 'charge:alone', hours: 2 })
    expect(byCase.candidates.map((job) => [job.jobId, job.agent, job.apartMs / minute])).toEqual([
      ['same', 'agent-2', 30],
      ['near', 'agent-1', 2],
    ])
    const byTime = await ask('help.lookAround', { at: noon - 61 * minute, hours: 1 })
    expect(byTime.charges.map((row) => row.id)).toEqual(['alone'])
  })

  it('shows the charges nearest to a moment, newest first, however many came after it', async () => {
    const at = noon - 90 * minute
    for (let count = -20; count <= 20; count++) {
      service.addTransaction({ id: `charge ${count}`, occurredAt: iso(at + count * minute) })
    }
    await sync()
    const { charges } = await ask('help.lookAround', { at: at + 1_000, hours: 1 })
    expect(charges.map((row) => row.id)).toEqual(Array.from({ length: 12 }, (_, index) => `charge ${6 - index}`))
    expect(charges.map((row) => row.runningBalance)).toEqual(charges.map((_, index) => 1_000 + (14 + index) * 10))
  })

  it('knows the other sign-in with the same e-mail, and what Carat no longer lists', async () => {
    service.addJob({ id: 'kept' })
    service.addJob({ id: 'dropped' })
    await sync()
    service.deleteJob('dropped')
    await sync()
    await test.close()
    Object.assign(service.account, { id: 'account-2', signInMethod: 'kakao', displayName: '하늘' })
    test = openTestCore(folder.path, service, testClock(noon + minute))
    await sync()
    const second = await ask('help.whereabouts', {})
    expect(second.otherAccounts).toMatchObject([
      { displayName: '김하늘', signInMethod: 'google', sameEmail: true, jobs: 2 },
    ])
    Object.assign(service.account, { id: 'account-1', signInMethod: 'google' })
    await test.close()
    test = openTestCore(folder.path, service, testClock(noon + 2 * minute))
    await sync()
    const first = await ask('help.whereabouts', { text: 'prompt' })
    expect(first.agents).toMatchObject([
      { agent: 'agent-1', jobs: 2, gone: 1 },
      { agent: 'agent-2', jobs: 0 },
    ])
    expect(first.matches).toHaveLength(2)
  })
})
