import { describe, expect, test } from 'vitest'
import { middleDot } from '../../src/renderer/i18n/format.ts'
import { createLocalization } from '../../src/renderer/i18n/i18n.ts'
import { loadTexts } from '../../src/renderer/i18n/texts.ts'

const now = Date.parse('2026-03-18T14:20:05+09:00')
const at = (text: string) => Date.parse(`${text}+09:00`)
const texts = await loadTexts('both')
const { formats } = createLocalization('ko', texts, () => now, 'Asia/Seoul')

describe('dates', () => {
  test.each([
    ['2026-03-18T13:38:00', '오늘 13:38', 'Today 13:38'],
    ['2026-03-17T00:00:00', '어제 00:00', 'Yesterday 00:00'],
    ['2026-03-19T11:52:00', '내일 11:52', 'Tomorrow 11:52'],
    ['2026-03-16T20:41:00', '3. 16. 20:41', 'Mar 16, 20:41'],
    ['2025-12-31T23:59:00', '2025. 12. 31. 23:59', 'Dec 31, 2025, 23:59'],
  ])('%s', (text, korean, english) => {
    expect(formats.ko.dateTime(at(text))).toBe(korean)
    expect(formats.en.dateTime(at(text))).toBe(english)
  })

  test('names the year only if it is not the current one', () => {
    expect(formats.ko.date(at('2026-01-28T12:00:00'))).toBe('1. 28.')
    expect(formats.en.date(at('2026-01-28T12:00:00'))).toBe('Jan 28')
    expect(formats.ko.date(at('2025-01-28T12:00:00'))).toBe('2025. 1. 28.')
    expect(formats.en.date(at('2025-01-28T12:00:00'))).toBe('Jan 28, 2025')
  })

  test('adds the weekday in headings and the zone in tooltips', () => {
    expect(formats.ko.weekday(now)).toBe('3. 18. 수요일')
    expect(formats.en.weekday(now)).toBe('Wednesday, Mar 18')
    expect(formats.ko.full(now)).toBe('2026년 3월 18일 수요일 14:20:05 GMT+9')
    expect(formats.en.full(now)).toBe('Wednesday, March 18, 2026 14:20:05 GMT+9')
  })

  test.each([
    ['day', '3. 16.', 'Mar 16', '2026년 3월 16일 월요일'],
    ['minute', '3. 16. 20:41', 'Mar 16, 20:41', '2026년 3월 16일 월요일 20:41 GMT+9'],
    ['second', '3. 16. 20:41:07', 'Mar 16, 20:41:07', '2026년 3월 16일 월요일 20:41:07 GMT+9'],
    ['millisecond', '3. 16. 20:41:07', 'Mar 16, 20:41:07', '2026년 3월 16일 월요일 20:41:07 GMT+9'],
  ] as const)('writes no more than is known to the %s', (precision, korean, english, tooltip) => {
    const time = at('2026-03-16T20:41:07')
    expect(formats.ko.exact(time, precision)).toBe(korean)
    expect(formats.en.exact(time, precision)).toBe(english)
    expect(formats.ko.full(time, precision)).toBe(tooltip)
  })

  test('writes a stated day as the day in Korea in every zone, and its wait in days', () => {
    const there = createLocalization('en', texts, () => now, 'America/Los_Angeles').formats.en
    const stated = at('2026-03-16T00:00:00')
    expect(there.dateTime(stated, 'day')).toBe('Mar 16')
    expect(there.full(stated, 'day')).toBe('Monday, March 16, 2026')
    expect(there.dateTime(at('2026-03-19T01:00:00'), 'day')).toBe('Tomorrow')
    expect(there.wait(at('2026-03-19T01:00:00'), { precision: 'day' })).toBe('1d left')
    expect(there.wait(at('2026-03-15T01:00:00'), { precision: 'day' })).toBe('3d overdue')
  })

  test('groups by the local day, not the UTC day', () => {
    expect(formats.ko.dayKey(at('2026-03-18T00:30:00'))).toBe('2026-03-18')
  })

  test('writes a range, and a time with seconds', () => {
    expect(formats.ko.range(at('2026-02-17T12:00:00'), now)).toBe('2. 17. – 3. 18.')
    expect(formats.en.timeSeconds(at('2026-03-18T03:08:02'))).toBe('03:08:02')
  })
})

test('writes a near day in lower case within a text', () => {
  const { i18n } = createLocalization('en', texts, () => now, 'Asia/Seoul')
  expect(i18n.t('sync.lastSuccess', { at: at('2026-03-18T13:38:00') })).toBe('Last read today 13:38')
  expect(i18n.t('sync.lastSuccess', { at: at('2026-03-16T20:41:00') })).toBe('Last read Mar 16, 20:41')
  expect(i18n.t('sync.lastSuccess', { at: at('2026-03-19T01:00:00'), precision: 'day' })).toBe('Last read tomorrow')
  const both = i18n.t('sync.lastSuccess', { lng: 'both', at: at('2026-03-18T13:38:00') })
  expect(both).toBe('Last read today 13:38(마지막 확인 오늘 13:38)')
})

describe('waits', () => {
  test('counts down before the deadline and up after it', () => {
    expect(formats.ko.wait(now - (17 * 60 + 39) * 60_000)).toBe('17시간 39분 지남')
    expect(formats.en.wait(now - (17 * 60 + 39) * 60_000)).toBe('17h 39m overdue')
    expect(formats.ko.wait(now + (21 * 60 + 32) * 60_000)).toBe('21시간 32분 남음')
    expect(formats.en.wait(now + (21 * 60 + 32) * 60_000)).toBe('21h 32m left')
  })

  test('does not call a wait over at its exact end', () => {
    expect(formats.en.wait(now)).toBe('1m left')
    expect(formats.en.wait(now - 1)).toBe('1m overdue')
  })

  test('keeps only the largest unit in lists and never shows zero', () => {
    expect(formats.ko.wait(now - (17 * 60 + 39) * 60_000, { short: true })).toBe('17시간 지남')
    expect(formats.en.duration(52 * 3_600_000)).toBe('2d 4h')
    expect(formats.en.duration(48 * 3_600_000)).toBe('2d')
    expect(formats.ko.duration(10_000)).toBe('1분')
  })
})

describe('amounts', () => {
  test('signs amounts with a true minus and groups digits', () => {
    expect(formats.ko.signed(-1736)).toBe('−1,736')
    expect(formats.en.signed(10)).toBe('+10')
    expect(formats.en.signed(0)).toBe('0')
    expect(formats.en.number(-40)).toBe('−40')
  })

  test('writes the unit once', () => {
    expect(formats.ko.credits(1)).toBe('1 크레딧')
    expect(formats.en.credits(1)).toBe('1 credit')
    expect(formats.en.credits(2418)).toBe('2,418 credits')
    expect(formats.ko.percent(0.718)).toBe('72%')
  })

  test('formats the length of recordings', () => {
    expect(formats.ko.clip(12_000)).toBe('0:12')
    expect(formats.ko.clip(3_723_000)).toBe('1:02:03')
  })
})

describe('both languages', () => {
  const { i18n } = createLocalization('both', texts, () => now, 'Asia/Seoul')

  test('puts the Korean label in brackets', () => {
    expect(i18n.t('nav.library')).toBe('Library(라이브러리)')
    expect(i18n.t('status.needs_review')).toBe('Needs review(확인 필요)')
  })

  test('keeps the dots between the pieces of a text from starting a line', () => {
    expect(i18n.t('sync.rebuilding', { percent: 41 })).not.toContain(' ·')
  })

  test('writes a text once if it is the same in both languages', () => {
    expect(i18n.t('app.name')).toBe('Carat Companion')
  })

  test('puts the Korean sentence after the English one, on its own line if requested', () => {
    expect(i18n.t('common.copied')).toBe(`Copied${middleDot}복사했어요`)
    expect(i18n.t('credits.check.calm', { separator: '\n' })).toBe(
      'The history adds up to the balance that Carat states, and nothing needs a look.\n내역을 모두 더하면 Carat이 알려 준 잔액과 같아요. 살펴볼 것도 없어요.',
    )
  })

  test('formats values in each language', () => {
    const value = { at: at('2026-03-16T20:41:00') }
    expect(i18n.t('sync.lastSuccess', value)).toBe('Last read Mar 16, 20:41(마지막 확인 3. 16. 20:41)')
    expect(i18n.t('sync.records', { count: 1 })).toBe('1 record(기록 1개)')
  })

  test('switches the language at once', () => {
    i18n.changeLanguage('ko')
    expect(i18n.t('nav.library')).toBe('라이브러리')
    expect(i18n.t('sync.records', { count: 1204 })).toBe('기록 1,204개')
    i18n.changeLanguage('en')
    expect(i18n.t('nav.library')).toBe('Library')
  })
})

test.each([
  [0, '0 kB', '0kB'],
  [430, '0.43 kB', '0.43kB'],
  [1_000, '1 kB', '1kB'],
  [4_236_000, '4.24 MB', '4.24MB'],
  [84_000_000_000, '84 GB', '84GB'],
  [5e15, '5,000 TB', '5,000TB'],
])('%i bytes', (size, english, korean) => {
  expect([formats.en.bytes(size), formats.ko.bytes(size)]).toEqual([english, korean])
})
