import { expect, it } from 'vitest'
import { readTime, timeOf } from '../../src/core/domain/import/written-times.ts'
import type { DateOrder } from '../../src/shared/imports.ts'
import fc from '../support/fast-check.ts'

const now = Date.parse('2026-02-03T01:30:00Z')
const zone = 'Asia/Seoul'

/** A written time as an ISO text with its precision and offset; what the text does not state is missing. */
function parsed(text: string, dateOrder: DateOrder = 'year_first'): string | null {
  const read = readTime(text, { now, zone, dateOrder })
  if (!read) return null
  const pad = (value: number, length = 2) => String(value).padStart(length, '0')
  const date = read.date ? `${read.date.year}-${pad(read.date.month)}-${pad(read.date.day)}` : ''
  const { clock, offset } = read
  const exact =
    clock &&
    { minute: '', second: `:${pad(clock.second)}`, millisecond: `:${pad(clock.second)}.${pad(clock.ms, 3)}` }[
      clock.precision
    ]
  const time = clock ? `${pad(clock.hour)}:${pad(clock.minute)}${exact}` : ''
  return [date, time].filter((part) => part !== '').join(' ') + (offset === null ? '' : ` ${offset}`)
}

it.each([
  ['2026. 1. 28. 오후 12:05', '2026-01-28 12:05'],
  ['2026. 1. 28. 오전 12:05', '2026-01-28 00:05'],
  ['2026. 1. 28. 오후 2:21:33', '2026-01-28 14:21:33'],
  ['2026.01.27 23:59:30', '2026-01-27 23:59:30'],
  ['2026년 1월 28일 (수) 오후 2시 21분', '2026-01-28 14:21'],
  ['2026년 1월 28일 수요일', '2026-01-28'],
  ['26. 1. 28. 14:21', '2026-01-28 14:21'],
  ['26/01/28 14:21', '2026-01-28 14:21'],
  ['2026-01-28(수) 14:21', '2026-01-28 14:21'],
  ['1월 28일 14:21', '2026-01-28 14:21'],
  ['12월 28일 14:21', '2025-12-28 14:21'],
  ['２０２６．０１．２８　１４：２１', '2026-01-28 14:21'],
  ['2026. 1. 28. 새벽 2시 반', '2026-01-28 02:30'],
  ['2026. 1. 28. 정오', '2026-01-28 12:00'],
  ['2026. 1. 28. 자정', '2026-01-28 00:00'],
  ['2026. 1. 28. 밤 11시 5분', '2026-01-28 23:05'],
  ['오늘 09:05', '2026-02-03 09:05'],
  ['어제 오후 3:00', '2026-02-02 15:00'],
  ['그저께', '2026-02-01'],
  ['5분 전', '2026-02-03 10:25'],
  ['3일 전', '2026-01-31'],
  ['방금', '2026-02-03 10:30'],
  ['2 hours ago', '2026-02-03 08:30'],
  ['yesterday at 3:00 PM', '2026-02-02 15:00'],
  ['Jan 28, 2026, 2:21 PM', '2026-01-28 14:21'],
  ['Jan 28, 2026, 2:21\u202FPM', '2026-01-28 14:21'],
  ['28 Jan 2026 14:21', '2026-01-28 14:21'],
  ['January 28th, 2026 at 2:21:33 p.m.', '2026-01-28 14:21:33'],
  ['Wed, 28 Jan 2026 05:21:33 GMT', '2026-01-28 05:21:33 0'],
  ['28-Jan-2026', '2026-01-28'],
  ['2026-01-28T05:21:33.120Z', '2026-01-28 05:21:33.120 0'],
  ['2026-01-28T14:21:33+09:00', '2026-01-28 14:21:33 540'],
  ['2026-01-28 14:21:33 KST', '2026-01-28 14:21:33 540'],
  ['2026-01-28 14:21', '2026-01-28 14:21'],
  ['2026-06-28 03:48:19.2', '2026-06-28 03:48:19'],
  ['46050.5034722', '2026-01-28 12:05:00'],
  ['46050', '2026-01-28'],
  ['1769577693', '2026-01-28 05:21:33 0'],
  ['1769577693120', '2026-01-28 05:21:33.120 0'],
  ['20260128', '2026-01-28'],
  ['20260128142133', '2026-01-28 14:21:33'],
  ['19032026 15:35:46', '2026-03-19 15:35:46'],
  ['14:21', '14:21'],
  ['오후 2시', '14:00'],
  ['2026-01-28 24:00', '2026-01-28 24:00'],
  ['28-Jan-26 14:21', '2026-01-28 14:21'],
  ["Jan 28, '26 14:21", '2026-01-28 14:21'],
  ['20260128 142133', '2026-01-28 14:21:33'],
  ['2026-01-28_14-21-33', '2026-01-28 14:21:33'],
  ['2026-01-28 14.21', '2026-01-28 14:21'],
  ['오후 2:21 · 2026. 1. 28.', '2026-01-28 14:21'],
  ['1월 28일 수 14:21', '2026-01-28 14:21'],
  ['Wed Jan 28 2026 14:21:33 GMT+0900 (Korean Standard Time)', '2026-01-28 14:21:33 540'],
  ['Wed Jan 28 14:21:33 KST 2026', '2026-01-28 14:21:33 540'],
  ['2026-01-28T06:21:33+01:00[Europe/Paris]', '2026-01-28 06:21:33 60'],
  ['2026-01-28 00:21 EST', '2026-01-28 00:21 -300'],
  ['2026-06-28 21:21 PDT', '2026-06-28 21:21 -420'],
  ['1769577693.5', '2026-01-28 05:21:33 0'],
  ['1769577693120456', '2026-01-28 05:21:33.120 0'],
  ['a few seconds ago', '2026-02-03 10:30'],
  ['2h ago', '2026-02-03 08:30'],
])('reads %s', (text, expected) => {
  expect(parsed(text)).toBe(expected)
})

it.each([
  '2026-02-30',
  '2026. 2. 30. 10:00',
  '30 Feb 2026',
  '2026-13-01',
  '2026-01-28 25:00',
  '2026-01-28 14:61',
  '오전 13:00',
  '2026. 1. 28. 오전 2:00 PM',
  '2026-01-28 14:21+99:00',
  '0026-01-28',
  '1999-12-31',
  '-33',
  '1,033',
  '33',
  '３장',
  '영상 생성 2',
  '2026-01-28 14:21 이미지',
  'v2.1.3 beta',
  '',
  'may',
  '010-1234-5678',
  '20260128-142133-99',
  '2026-01-28 14.99',
  '5m',
  '28-Jan-261',
])('reads no time in %s', (text) => {
  expect(parsed(text)).toBe(null)
})

it('reads the order of day and month that the column has', () => {
  expect(parsed('01/02/2026', 'month_first')).toBe('2026-01-02')
  expect(parsed('01/02/2026', 'day_first')).toBe('2026-02-01')
  expect(parsed('28/01/2026', 'month_first')).toBe('2026-01-28')
  expect(parsed('28.01.2026', 'month_first')).toBe('2026-01-28')
})

const locales = ['ko', 'en-US', 'en-GB', 'ja', 'de'] as const
const orders: Record<(typeof locales)[number], DateOrder> = {
  ko: 'year_first',
  'en-US': 'month_first',
  'en-GB': 'day_first',
  ja: 'year_first',
  de: 'day_first',
}
const zones = ['Asia/Seoul', 'UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe']

it('reads back what Intl writes, in every language, style and zone', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2015-01-01T00:00:00Z'), max: new Date('2099-12-30T00:00:00Z'), noInvalidDate: true }),
      fc.constantFrom(...locales),
      fc.constantFrom('full', 'long', 'medium', 'short'),
      fc.constantFrom('medium', 'short', null),
      fc.constantFrom(...zones),
      (date, locale, dateStyle, timeStyle, timeZone) => {
        const options = { dateStyle, timeZone, ...(timeStyle && { timeStyle }) } as Intl.DateTimeFormatOptions
        const text = new Intl.DateTimeFormat(locale, options).format(date)
        const read = readTime(text, { now, zone: timeZone, dateOrder: orders[locale] })
        const wall = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(
          date,
        )
        const expected = timeStyle === null ? wall.slice(0, 10) : timeStyle === 'short' ? `${wall.slice(0, 16)}` : wall
        expect({ text, read: read && parsed(text, orders[locale]) }).toEqual({ text, read: expected })
        // Clocks that are set back show some times twice; the first one counts.
        if (!read?.date || timeStyle !== 'medium') return
        const { time } = timeOf(read.date, read.clock, read.offset, timeZone)
        const seconds = Math.floor(date.getTime() / 1000) * 1000
        expect([seconds, seconds - 3_600_000, seconds - 1_800_000]).toContain(time)
      },
    ),
    { numRuns: 3_000 },
  )
})
