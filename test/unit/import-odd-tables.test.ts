/** Columns and words that stand in unusual places, each of which could be read wrongly without a sign of it. */
import { expect, it, test } from 'vitest'
import { tableRows } from '../../src/core/import/table-rows.ts'
import { kstText, tableOf, understandText } from '../support/import-tables.ts'

const rowsOf = async (text: string) => (await understandText(text)).rows
const amountsOf = async (text: string) => (await rowsOf(text)).map(({ amount, kind }) => [amount, kind])

it('joins signs in a column of their own with the amounts beside them', async () => {
  const rows = '2026-01-28 14:21,이미지,-,33\n2026-01-28 14:20,이미지,+,33\n'
  expect(await amountsOf(`일시,기능,+/-,크레딧\n${rows}`)).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
  ])
  // Dashes alone say that there is nothing.
  expect(await amountsOf(`일시,기능,비고,크레딧\n${rows.replace('+', '-')}`)).toEqual([
    [-33, 'charge'],
    [-33, 'charge'],
  ])
})

test.each([
  ['the heading of the times', 'Time (UTC),Feature,Credits\n2026-01-28 05:21,Image,-33\n'],
  ['a line above the headings', '모든 시각은 UTC 기준이에요.\n일시,기능,크레딧\n2026-01-28 05:21,이미지,-33\n'],
])('reads times in the zone that %s names', async (_, text) => {
  const { reading, guesses, rows } = await understandText(text)
  expect(reading.zone).toBe('UTC')
  expect(guesses).toContainEqual(
    expect.objectContaining({ about: 'zone', because: { code: 'zone_is_named', params: {} } }),
  )
  expect(rows.map(({ occurredAt }) => kstText(occurredAt))).toEqual(['2026-01-28 14:21:00'])
})

const inZone = (clock: string) => `${clock},Image,-33\n`
const zoned: [string, string, string][] = [
  ['a region', 'America/New_York', `Timezone: America/New_York\nDate,Item,Credits\n${inZone('2026-01-28 00:21')}`],
  ['a region with a clock change', 'America/New_York', `Time (EST),Item,Credits\n${inZone('2026-01-28 00:21')}`],
  ['an offset', '-05:00', `Time (UTC-5),Item,Credits\n${inZone('2026-01-28 00:21')}`],
  ['an offset above', '+05:30', `All times are GMT+05:30\nTime,Item,Credits\n${inZone('2026-01-28 10:51')}`],
  ['a line below', 'UTC', `Time,Item,Credits\n${inZone('2026-01-28 05:21')}* All times are in UTC.\n`],
  ['a column', 'Europe/Paris', 'Time,Zone,Item,Credits\n2026-01-28 06:21,Europe/Paris,Image,-33\n'],
]
test.each(zoned)('reads times in the zone that %s names', async (_, zone, text) => {
  const { reading, rows } = await understandText(text)
  expect([reading.zone, ...rows.map(({ occurredAt }) => kstText(occurredAt))]).toEqual([zone, '2026-01-28 14:21:00'])
})

it('joins offsets in a column of their own with the clocks', async () => {
  const text =
    'Date,Time,Zone,Item,Credits\n2026-01-28,05:21,UTC,Image,-33\n2026-01-28,00:05,-05:00,Video,-50\n2026-01-27,09:00,KST,Image,33\n'
  const { rows } = await understandText(text)
  expect(rows.map(({ occurredAt, text: shown }) => [kstText(occurredAt), shown])).toEqual([
    ['2026-01-28 14:21:00', 'Image'],
    ['2026-01-28 14:05:00', 'Video'],
    ['2026-01-27 09:00:00', 'Image'],
  ])
})

it('takes no other zone from a heading of Korean times', async () => {
  for (const heading of ['Time (KST)', 'Date (GMT+9)', '일시 (UTC+09:00)', '한국 시각', 'UTC+9 일시']) {
    const { reading } = await understandText(`${heading},Feature,Credits\n2026-01-28 05:21,Image,-33\n`)
    expect([heading, reading.zone]).toEqual([heading, 'Asia/Seoul'])
  }
})

it('reads clocks below days in rows of their own', async () => {
  const rows = await rowsOf(
    '1월 28일 수요일,,\n오후 2:21,이미지,-33\n오후 2:05,영상,-50\n1월 27일 화요일,,\n오전 9:00,충전,100\n',
  )
  expect(rows.map(({ occurredAt, amount }) => [kstText(occurredAt), amount])).toEqual([
    ['2026-01-28 14:21:00', -33],
    ['2026-01-28 14:05:00', -50],
    ['2026-01-27 09:00:00', 100],
  ])
})

it('takes a free generation for a charge, and the word of the text for a refund', async () => {
  const text =
    '일시,내용,크레딧\n2026-01-28 14:21,무료 체험 이미지 생성,-33\n2026-01-28 14:20,영상 생성 실패 환불,33P 적립\n'
  expect(await amountsOf(text)).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
  ])
})

it('keeps model and agent in columns that are named so', async () => {
  const text =
    '날짜,모델,종류,에이전트,사용량\n2026-01-28,Kling 2.1,영상,Agent 1.0,120\n2026-01-27,Imagen,이미지,에이전트 2,33\n'
  const rows = tableRows(await tableOf(text), await understandText(text))
  expect(
    rows.flatMap(({ transaction }) => transaction ?? []).map(({ model, agent, feature }) => [model, agent, feature]),
  ).toEqual([
    ['Kling 2.1', 'agent-1', 'video'],
    ['Imagen', 'agent-2', 'image'],
  ])
})

const divided: [string, string][] = [
  [
    'bonus credits apart',
    '일시,내용,크레딧,보너스 크레딧\n2026-01-28 14:21,영상,-100,-20\n2026-01-27 09:00,이미지 환불,33,0\n',
  ],
  [
    'paid and free credits',
    'Date,Item,Paid,Free\n2026-01-28 14:21,Video,-100,-20\n2026-01-27 09:00,Image refund,33,\n',
  ],
  [
    'parts with their sum',
    '일시,내용,유료 크레딧,보너스 크레딧,합계\n2026-01-28 14:21,영상,-100,-20,-120\n2026-01-27,환불,33,0,33\n',
  ],
  ['features and their sum', 'Date,Image,Video,Net\n2026-01-28,-20,-100,-120\n2026-01-27,33,0,33\n'],
  ['features', '날짜,이미지,영상\n2026-01-28,-20,-100\n2026-01-27,33,0\n'],
]
it.each(divided)('counts all credits of a row with %s', async (_, text) => {
  expect((await rowsOf(text)).map(({ amount }) => amount)).toEqual([-120, 33])
})

it.each([
  ['일시,내용,단가,수량,크레딧\n2026-01-28 14:21,이미지,33,4,132\n', -132],
  ['일시,내용,수량,크레딧\n2026-01-28 14:21,이미지,4,33\n', -33],
  ['일시,이미지 수,사용 크레딧\n2026-01-28 14:21,4,33\n', -33],
  ['일시,내용,변경 전,변경 후,변동\n2026-01-28 14:21,이미지,1000,967,-33\n', -33],
  ['완료 일시,사용 일시,내용,크레딧\n2026-01-28 14:23,2026-01-28 14:21,이미지,-33\n', -33],
])('takes no other number for the credits in %j', async (text, amount) => {
  const rows = (await rowsOf(text)).map((row) => [kstText(row.occurredAt), row.amount])
  expect(rows).toEqual([['2026-01-28 14:21:00', amount]])
})

it('counts no row that states the sum of a day', async () => {
  const { rows, refused } = await understandText(
    '일시,내용,크레딧\n2026-01-28 14:21,이미지,-33\n2026-01-28 14:05,영상,-50\n2026-01-28,소계,-83\n2026-01-28,Grand total,-83\n',
  )
  expect(rows.map(({ amount }) => amount)).toEqual([-33, -50])
  expect(refused.map(({ row, reason }) => [row, reason.code])).toEqual([
    [4, 'total_row'],
    [5, 'total_row'],
  ])
})

it('takes used credits for a charge whatever the title of the work says', async () => {
  const rows = ['환불 안내 포스터', '보너스', '충전소 그림', '환불 취소'].map(
    (title) => `2026-01-28 14:21,${title},-33\n`,
  )
  const kinds = (await rowsOf(`일시,제목,크레딧\n${rows.join('')}`)).map(({ kind }) => kind)
  expect(kinds).toEqual(['charge', 'charge', 'charge', 'adjustment'])
  // A column of kinds means what it says.
  expect(await amountsOf('일시,구분,크레딧\n2026-01-28 14:21,환불,-33\n2026-01-28 14:20,사용,-33\n')).toEqual([
    [-33, 'adjustment'],
    [-33, 'charge'],
  ])
})
