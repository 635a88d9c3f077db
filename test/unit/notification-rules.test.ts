import { describe, expect, it } from 'vitest'
import {
  expiringBetween,
  kindOfChange,
  mergeNotifications,
  quietMinutes,
} from '../../src/core/domain/notification-rules.ts'
import { notificationPath, notificationText } from '../../src/core/host/notification-text.ts'
import type { Notification } from '../../src/shared/notifications.ts'

const day = 86_400_000
const about = (kind: Notification['kind'], given: Partial<Notification> = {}): Notification => ({
  kind,
  account: null,
  cases: [],
  credits: 0,
  text: null,
  at: null,
  ...given,
})

describe('a change of a refund status', () => {
  it.each([
    ['refund_pending', 'refunded', 'refunded'],
    ['completed', 'partially_refunded', 'refunded'],
    ['not_charged', 'refunded', null],
    ['refund_pending', 'refund_missing', 'overdue'],
    ['cannot_tell', 'result_missing', 'overdue'],
    ['refund_missing', 'result_missing', null],
    ['in_progress', 'completed', 'ready'],
    ['cannot_tell', 'completed', null],
    ['refund_pending', 'cannot_tell', null],
  ] as const)('from %s to %s gives %s', (before, after, kind) => {
    expect(kindOfChange(before, after)).toBe(kind)
  })
})

describe('credits that expire', () => {
  const balance = { source: 'top_up', amount: 50, expiresAt: 10 * day }
  const find = (from: number, to: number, given = {}) => expiringBetween([{ ...balance, ...given }], from, to)

  it('are told once, three days before', () => {
    expect(find(6 * day, 7 * day - 1)).toEqual([])
    expect(find(7 * day - 1, 7 * day)).toEqual([balance])
    expect(find(7 * day, 8 * day)).toEqual([])
    expect(find(6 * day, 9 * day), 'the app was closed').toEqual([balance])
  })

  it('are not told if they are gone, none, without an end, or free credits of a day', () => {
    expect(find(6 * day, 11 * day)).toEqual([])
    for (const other of [{ amount: 0 }, { expiresAt: null }, { source: 'daily_free' }]) {
      expect(find(6 * day, 8 * day, other)).toEqual([])
    }
  })
})

describe('quiet hours', () => {
  it.each([
    [{ from: 22, until: 8 }, 21 * 60 + 59, 0],
    [{ from: 22, until: 8 }, 22 * 60, 600],
    [{ from: 22, until: 8 }, 0, 480],
    [{ from: 22, until: 8 }, 7 * 60 + 59, 1],
    [{ from: 22, until: 8 }, 8 * 60, 0],
    [{ from: 9, until: 18 }, 12 * 60, 360],
    [{ from: 9, until: 9 }, 9 * 60, 0],
  ])('%j at minute %i last %i minutes more', (quiet, minute, left) => {
    expect(quietMinutes(quiet, minute)).toBe(left)
  })

  it('merge what waits, and count a case once', () => {
    const first = about('refunded', { cases: ['a'], credits: 40, text: 'cat' })
    const second = about('refunded', { cases: ['b', 'c'], credits: 60 })
    expect(mergeNotifications(first, second)).toEqual({ ...first, cases: ['a', 'b', 'c'], credits: 100, text: null })
    expect(mergeNotifications(first, { ...first, credits: 45 })).toMatchObject({ cases: ['a'], credits: 45 })
  })
})

describe('the text of a notification', () => {
  const refund = about('refunded', { cases: ['job:agent-1:a'], credits: 1_200, text: '눈 오는 서울' })

  it('has no prompt unless the user allows it', () => {
    expect(notificationText(refund, 'ko', false)).toEqual({ title: '환불 1건이 들어왔어요', body: '1,200 크레딧' })
    expect(notificationText(refund, 'en', true)).toEqual({
      title: 'A refund arrived',
      body: '1,200 credits\n눈 오는 서울',
    })
    expect(notificationText(about('reminder', { text: 'my subject' }), 'en', false).body).toBe('')
  })

  it('counts cases, and is in both languages if the user chose both', () => {
    const several = { ...refund, cases: ['a', 'b'], text: null }
    expect(notificationText(several, 'both', true)).toEqual({
      title: '2 refunds arrived(환불 2건이 들어왔어요)',
      body: '1,200 credits\n1,200 크레딧',
    })
  })

  it('names the day on which credits expire', () => {
    const at = new Date(2026, 2, 18, 12).getTime()
    expect(notificationText(about('expiring', { credits: 50, at }), 'ko', false).body).toBe(
      '50 크레딧, 2026. 3. 18.부터 만료',
    )
  })

  it('begins with the account if there are several', () => {
    const bodyOf = (id: string, signInMethod: string, language: 'ko' | 'en' = 'ko') =>
      notificationText({ ...refund, account: { id, displayName: '미나', signInMethod } }, language, false).body
    expect(bodyOf('account-1', 'google')).toBe('미나 · Google 로그인\n1,200 크레딧')
    expect(bodyOf('account-1', 'naver', 'en')).toBe('미나 · Other sign-in\n1,200 credits')
    expect(bodyOf('my-history', 'imported')).toBe('내 사용 내역\n1,200 크레딧')
    expect(bodyOf('my-history-2', 'imported', 'en')).toBe('My history 2\n1,200 credits')
  })

  it('cuts a long prompt', () => {
    const { body } = notificationText(about('ready', { text: 'x'.repeat(500) }), 'en', true)
    expect(body).toBe(`${'x'.repeat(120)}…`)
  })
})

describe('a click on a notification', () => {
  it.each([
    [about('refunded', { cases: ['job:agent-1:a/b'] }), '/refunds/job%3Aagent-1%3Aa%2Fb'],
    [about('overdue', { cases: ['charge:t', 'charge:u'] }), '/refunds'],
    [about('ready', { cases: ['job:agent-2:a:b'] }), '/library/agent-2/a%3Ab'],
    [about('ready', { cases: ['job:agent-2:a', 'job:agent-2:b'] }), '/library'],
    [about('sign_in'), '/overview'],
    [about('expiring'), '/credits'],
    [about('reminder'), '/support'],
    [
      about('reminder', { account: { id: 'a/google', displayName: '', signInMethod: 'google' } }),
      '/support?account=a%2Fgoogle',
    ],
  ])('leads from %j to %s', (notification, path) => {
    expect(notificationPath(notification)).toBe(path)
  })
})
