import { beforeEach, describe, expect, it } from 'vitest'
import { withCore } from '../support/hooks.ts'

const timeZone = 'Asia/Seoul'
const opened = withCore(Date.parse('2026-01-28T12:00:00+09:00'))

const charge = (id: string, at: string, more = {}) =>
  opened.service.addTransaction({ id, kind: 'charge', amount: -10, occurredAt: at, ...more })
const refund = (id: string, at: string, more = {}) =>
  opened.service.addTransaction({ id, kind: 'refund', amount: 4, occurredAt: at, ...more })

describe('the totals of days', () => {
  beforeEach(() => {
    charge('just before midnight', '2026-01-26T23:59:59+09:00')
    charge('just after midnight', '2026-01-27T00:00:00+09:00')
    refund('refund', '2026-01-27T23:59:59+09:00', { reverses: 'just after midnight', feature: 'video' })
    charge('chat', '2026-01-28T09:00:00+09:00', { feature: 'chat', amount: -1 })
  })

  it('covers whole local days, even if a page ends within a day', async () => {
    await opened.sync()
    const first = await opened.ask('credits.list', { timeZone, limit: 2 })
    expect(first.items.map((row) => row.id)).toEqual(['chat', 'refund'])
    expect(first.days).toEqual([
      { day: '2026-01-27', charged: 10, refunded: 4 },
      { day: '2026-01-28', charged: 1, refunded: 0 },
    ])
    const second = await opened.ask('credits.list', { timeZone, limit: 2, before: first.next ?? '' })
    expect(second.days).toEqual([
      { day: '2026-01-26', charged: 10, refunded: 0 },
      { day: '2026-01-27', charged: 10, refunded: 4 },
    ])
  })

  it('follows the filter of the list, and has no totals in a text search', async () => {
    await opened.sync()
    const refunds = await opened.ask('credits.list', { timeZone, kinds: ['refund'] })
    expect(refunds.days).toEqual([{ day: '2026-01-27', charged: 0, refunded: 4 }])
    const images = await opened.ask('credits.list', { timeZone, features: ['image'] })
    expect(images.days.map((day) => day.day)).toEqual(['2026-01-26', '2026-01-27'])
    expect((await opened.ask('credits.list', { timeZone, text: 'chat' })).days).toEqual([])
    expect((await opened.ask('credits.list', {})).days).toEqual([])
  })

  it('agrees with the summary, which lists every day', async () => {
    await opened.sync()
    const summary = await opened.ask('credits.summary', { days: 3, timeZone })
    expect(summary).toEqual({
      charged: 21,
      refunded: 4,
      days: [
        { day: '2026-01-26', charged: 10, refunded: 0 },
        { day: '2026-01-27', charged: 10, refunded: 4 },
        { day: '2026-01-28', charged: 1, refunded: 0 },
      ],
    })
    expect((await opened.ask('overview.get', { days: 3, timeZone })).days).toEqual(summary.days)
  })

  it('refuses an unknown time zone', async () => {
    await opened.sync()
    const answer = await opened.core.dispatch('credits.list', { timeZone: 'Carat/Moon' })
    expect(answer).toEqual({ ok: false, error: { code: 'invalid_input', params: { field: 'timeZone' } } })
  })
})

describe('a page that begins with a transaction', () => {
  it('continues below the transaction, and starts at the newest row if it is unknown', async () => {
    for (const day of [24, 25, 26, 27]) charge(`on the ${day}th`, `2026-01-${day}T09:00:00Z`)
    await opened.sync()
    const page = await opened.ask('credits.list', { startAt: 'on the 26th', limit: 2 })
    expect(page.items.map((row) => row.id)).toEqual(['on the 26th', 'on the 25th'])
    const next = await opened.ask('credits.list', { startAt: 'on the 26th', limit: 2, before: page.next ?? '' })
    expect(next.items.map((row) => row.id)).toEqual(['on the 24th'])
    const unknown = await opened.ask('credits.list', { startAt: 'never written', limit: 1 })
    expect(unknown.items.map((row) => row.id)).toEqual(['on the 27th'])
  })
})

describe('the counts of the ledger', () => {
  it('counts each filter within the others and within a text search', async () => {
    charge('image', '2026-01-26T00:00:00Z', { memo: 'a cat' })
    charge('video', '2026-01-26T01:00:00Z', { feature: 'video' })
    refund('back', '2026-01-26T02:00:00Z', { reverses: 'video', feature: 'video', memo: 'a cat' })
    opened.service.addTransaction({ kind: 'grant', feature: undefined, amount: 5, occurredAt: '2026-01-26T03:00:00Z' })
    await opened.sync()
    const kinds = { charge: 2, refund: 1, grant: 1 }
    const features = { image: 1, video: 2 }
    expect(await opened.ask('credits.counts', {})).toEqual({ total: 4, kinds, features })
    expect(await opened.ask('credits.counts', { kinds: ['charge'] })).toEqual({
      total: 2,
      kinds,
      features: { image: 1, video: 1 },
    })
    expect(await opened.ask('credits.counts', { features: ['video'] })).toEqual({
      total: 2,
      kinds: { charge: 1, refund: 1 },
      features,
    })
    expect(await opened.ask('credits.counts', { text: 'cat' })).toEqual({
      total: 2,
      kinds: { charge: 1, refund: 1 },
      features: { image: 1, video: 1 },
    })
  })
})

describe('a search by words', () => {
  it('searches the newest 50,000 rows, in list and counts, and reports the limit', async () => {
    charge('oldest', '2026-01-20T00:00:00Z', { memo: 'a cat' })
    charge('newest', '2026-01-28T00:00:00Z', { memo: 'a cat' })
    await opened.sync()
    const everything = await opened.ask('credits.list', { text: 'cat' })
    expect(everything.items.map((row) => row.id)).toEqual(['newest', 'oldest'])
    expect(everything.searchedNewest).toBeNull()

    const { writer } = opened.store
    const insert = writer?.prepare(
      `INSERT INTO credit_transactions (row_id, account_id, facet_id, id, kind, amount, occurred_at, hash, listing_epoch)
       VALUES (?, 1, 1, ?, 'charge', -1, ?, x'00', 1)`,
    )
    const from = Date.parse('2026-01-21T00:00:00Z')
    writer?.transaction(() => {
      for (let number = 0; number < 50_000; number++)
        insert?.run((from + number) * 1024, `row-${number}`, from + number)
    })()
    const newest = await opened.ask('credits.list', { text: 'cat' })
    expect(newest.items.map((row) => row.id)).toEqual(['newest'])
    expect(newest.searchedNewest).toBe(50_000)
    expect((await opened.ask('credits.counts', { text: 'cat' })).total).toBe(1)
    expect((await opened.ask('credits.list', {})).searchedNewest).toBeNull()
    expect((await opened.ask('credits.list', { text: 'oldest' })).items.map((row) => row.id)).toEqual(['oldest'])
  })
})

describe('a search by id', () => {
  beforeEach(async () => {
    charge('7301234567890123456', '2026-01-26T00:00:00Z', { jobId: 'job-7' })
    charge("'quoted", '2026-01-26T01:00:00Z', { memo: 'a cat' })
    charge('quoted', '2026-01-26T02:00:00Z', { feature: 'chat' })
    refund('back', '2026-01-26T03:00:00Z', { reverses: '7301234567890123456' })
    await opened.sync()
  })
  const found = async (text: string, more = {}) =>
    (await opened.ask('credits.list', { text, ...more })).items.map((row) => row.id)

  it('finds a transaction with its refund, and the transactions of a job', async () => {
    expect(await found('7301234567890123456')).toEqual(['back', '7301234567890123456'])
    expect(await found(' job-7 ')).toEqual(['7301234567890123456'])
    expect(await found('7301234567890123456', { kinds: ['charge'] })).toEqual(['7301234567890123456'])
    expect((await opened.ask('credits.counts', { text: '7301234567890123456' })).kinds).toEqual({
      charge: 1,
      refund: 1,
    })
    expect(await found('730123456789012345')).toEqual([])
  })

  it('takes the apostrophe of the CSV away unless it belongs to the id', async () => {
    expect(await found("'7301234567890123456")).toEqual(['back', '7301234567890123456'])
    expect(await found("'quoted")).toEqual(["'quoted"])
    expect(await found("''quoted")).toEqual(["'quoted"])
  })
})

describe('the flow of credits', () => {
  it('has a segment for dismissed credits, and its segments add up', async () => {
    charge('lost', '2026-01-28T00:00:00Z', { feature: 'video' })
    charge('talk', '2026-01-28T00:00:01Z', { feature: 'chat', amount: -2 })
    await opened.sync()
    const before = await opened.ask('overview.get', { days: 1, timeZone })
    expect(before).toMatchObject({ charged: 12, attentionCount: 1, flow: { attention: 10, dismissed: 0 } })
    await opened.ask('marks.set', { case: 'charge:lost', dismissed: true })
    const after = await opened.ask('overview.get', { days: 1, timeZone })
    expect(after).toMatchObject({
      charged: 12,
      attentionCount: 0,
      flow: { attention: 0, dismissed: 10, notGeneration: 2 },
    })
  })
})

describe('the agent of a row that names none', () => {
  it('takes the agent of its job in the list, the counts, the days and the overview', async () => {
    opened.service.addJob({ id: 'job', agent: 'agent-2', createdAt: '2026-01-28T00:00:00Z' })
    charge('charge', '2026-01-28T00:00:01Z', { jobId: 'job' })
    await opened.sync()
    for (const [agent, rows] of [
      ['agent-1', 0],
      ['agent-2', 1],
    ] as const) {
      expect((await opened.ask('credits.list', { agent })).items).toHaveLength(rows)
      expect((await opened.ask('credits.counts', { agent })).total).toBe(rows)
      expect((await opened.ask('credits.summary', { agent, days: 1, timeZone })).charged).toBe(rows * 10)
      expect((await opened.ask('overview.get', { agent, days: 1, timeZone })).charged).toBe(rows * 10)
    }
  })
})
