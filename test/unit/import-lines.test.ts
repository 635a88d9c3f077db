import { expect, it } from 'vitest'
import { kstText, read, understandText } from '../support/import-tables.ts'

const expected = [
  ['2026-01-28 14:21:00', -33, 'image'],
  ['2026-01-28 14:05:00', -50, 'video'],
  ['2026-01-27 23:59:00', -33, 'image'],
]

it.each<[string, string]>([
  [
    'three lines a record',
    '2026. 1. 28. 오후 2:21\n이미지 생성\n-33\n2026. 1. 28. 오후 2:05\n영상 생성\n-50\n2026. 1. 27. 오후 11:59\n이미지 생성\n-33',
  ],
  [
    'four lines a record with blank lines',
    '이미지 생성\nNano Banana\n2026. 1. 28. 오후 2:21\n-33 크레딧\n\n영상 생성\nKling\n2026. 1. 28. 오후 2:05\n-50 크레딧\n\n이미지 생성\nNano Banana\n2026. 1. 27. 오후 11:59\n-33 크레딧',
  ],
  ['the amount first', '-33\n이미지\n2026-01-28 14:21\n-50\n영상\n2026-01-28 14:05\n-33\n이미지\n2026-01-27 23:59'],
  [
    'the amount in the middle',
    '이미지\n-33\n2026-01-28 14:21\n영상\n-50\n2026-01-28 14:05\n이미지\n-33\n2026-01-27 23:59',
  ],
  [
    'days above clocks',
    '2026년 1월 28일 수요일\n14:21\n이미지\n-33\n14:05\n영상\n-50\n2026년 1월 27일 화요일\n23:59\n이미지\n-33',
  ],
  [
    'the head and foot of a page',
    '캐럿\n내 크레딧\n사용 내역\n전체 보기\n2026. 1. 28. 오후 2:21\n이미지 생성\n-33\n2026. 1. 28. 오후 2:05\n영상 생성\n-50\n2026. 1. 27. 오후 11:59\n이미지 생성\n-33\n이용약관\n개인정보처리방침\n(주)패러닷',
  ],
  [
    'English',
    'Image generation\nJan 28, 2026, 2:21 PM\n-33 credits\nVideo generation\nJan 28, 2026, 2:05 PM\n-50 credits\nImage generation\nJan 27, 2026, 11:59 PM\n-33 credits',
  ],
  [
    'one line a record',
    '2026. 1. 28. 오후 2:21 이미지 생성 -33\n2026. 1. 28. 오후 2:05 영상 생성 -50\n2026. 1. 27. 오후 11:59 이미지 생성 -33',
  ],
  [
    'words in the amount',
    '이미지\n33 크레딧 차감\n2026-01-28 14:21\n영상\n50 크레딧 차감\n2026-01-28 14:05\n이미지\n33 크레딧 차감\n2026-01-27 23:59',
  ],
  [
    'a balance beside the amount',
    '2026-01-28 14:21\n이미지\n-33\n잔액 2,967\n2026-01-28 14:05\n영상\n-50\n잔액 3,000\n2026-01-27 23:59\n이미지\n-33\n잔액 3,050',
  ],
  [
    'marks and tags before each line',
    '> 1. [Carat] 1/28 14:21 이미지 33크레딧 사용\n> 2. [Carat] 1/28 14:05 영상 50크레딧 사용\n> 3. [Carat] 1/27 23:59 이미지 33크레딧 사용',
  ],
  ['times in brackets', '[2026-01-28 14:21] 이미지: -33\n[2026-01-28 14:05] 영상: -50\n[2026-01-27 23:59] 이미지: -33'],
  [
    'days of a month above them',
    '2026년 1월\n28일 (수)\n오후 2:21\n이미지\n-33\n오후 2:05\n영상\n-50\n27일 화\n오후 11:59\n이미지\n-33',
  ],
  [
    'sentences',
    '2026. 1. 28. 오후 2:21에 이미지 33크레딧을 사용했어요.\n2026. 1. 28. 오후 2:05에 영상 50크레딧을 사용했어요.\n2026. 1. 27. 오후 11:59에 이미지 33크레딧을 사용했어요.',
  ],
  [
    'days in its texts',
    '1,234 크레딧\n2026. 2. 28. 만료 예정\n이미지\n2025. 12. 31. 해돋이\n2026. 1. 28. 14:21\n-33\n영상\n파도\n2026. 1. 28. 14:05\n-50\n이미지\n하늘\n2026. 1. 27. 23:59\n-33',
  ],
])('reads a list with %s', async (_, text) => {
  const { rows, refused } = await understandText(text)
  expect(rows.map(({ occurredAt, amount, feature }) => [kstText(occurredAt), amount, feature])).toEqual(expected)
  expect(refused).toEqual([])
  expect(await read(text)).toMatchObject({ format: 'lines', notices: [{ code: 'lines_as_table' }] })
})

const history = [
  { day: '2026년 1월 28일 수요일', clock: '14:21', words: '영상 생성', amount: '-33' },
  { day: '2026년 1월 28일 수요일', clock: '14:05', words: '이미지 생성', amount: '-10' },
  { day: '2026년 1월 28일 수요일', clock: '13:50', words: '환불', amount: '+33' },
  { day: '2026년 1월 27일 화요일', clock: '23:59', words: '이미지 생성', amount: '-10' },
]
const orders = [
  ['words', 'time', 'amount'],
  ['words', 'amount', 'time'],
  ['time', 'words', 'amount'],
  ['time', 'amount', 'words'],
  ['amount', 'words', 'time'],
  ['amount', 'time', 'words'],
] as const
const frames = [
  { head: [], foot: [] },
  { head: ['내 크레딧', '사용 내역'], foot: [] },
  { head: [], foot: ['더 보기'] },
  { head: ['내 크레딧', '사용 내역'], foot: ['더 보기', '이용약관'] },
]

it.each(
  orders.flatMap((order) => frames.flatMap((frame) => [true, false].map((hasDays) => ({ order, ...frame, hasDays })))),
)('keeps the words of $order beside their amount (head $head, foot $foot, days above: $hasDays)', async (layout) => {
  const lines = history.flatMap(({ day, clock, words, amount }, index) => {
    const isNewDay = layout.hasDays && day !== history[index - 1]?.day
    const time = layout.hasDays ? clock : `${day.replace(/ .요일/, '')} ${clock}`
    return [...(isNewDay ? [day] : []), ...layout.order.map((part) => ({ words, time, amount })[part])]
  })
  const { rows } = await understandText([...layout.head, ...lines, ...layout.foot].join('\n'))
  expect(rows.map(({ occurredAt, amount, kind }) => [kstText(occurredAt).slice(0, 16), amount, kind])).toEqual([
    ['2026-01-28 14:21', -33, 'charge'],
    ['2026-01-28 14:05', -10, 'charge'],
    ['2026-01-28 13:50', 33, 'refund'],
    ['2026-01-27 23:59', -10, 'charge'],
  ])
})

it('takes a number at the end of words for part of a name if the amounts have signs', async () => {
  const text =
    '사용 내역\n2026.01.28\n이미지 생성\nNano Banana Pro\n14:21\n-33\n영상 생성\nVeo 3\n13:02\n-120\n2026.01.27\n크레딧 충전\n09:00\n+1,000'
  const { rows } = await understandText(text)
  expect(rows.map(({ occurredAt, amount, text }) => [kstText(occurredAt).slice(0, 16), amount, text])).toEqual([
    ['2026-01-28 14:21', -33, '이미지 생성 Nano Banana Pro'],
    ['2026-01-28 13:02', -120, '영상 생성 Veo 3'],
    ['2026-01-27 09:00', 1000, '크레딧 충전'],
  ])
})

it.each<[string, string]>([
  [
    'numbers before 사용 and 환불',
    '2026-03-01 이미지 생성 33 사용\n2026-03-02 영상 생성 40 사용\n2026-03-02 영상 생성 40 환불',
  ],
  ['two-digit years', '26.03.01 이미지 생성 -33\n26.03.02 영상 생성 -40\n26.03.02 영상 생성 환불 +40'],
  ['no years', '03.01 이미지 생성 -33\n03.02 영상 생성 Veo 3.1 -40\n03.02 영상 생성 환불 +40'],
  ['dotted dates in cells', '2026.03.01,이미지 생성,-33\n2026.03.02,영상 생성,-40\n2026.03.02,영상 생성 환불,+40'],
  ['dates without marks in cells', '20260301,이미지 생성,-33\n20260302,영상 생성,-40\n20260302,영상 생성 환불,+40'],
])('reads records of one line with days alone: %s', async (_, text) => {
  const { rows, refused } = await understandText(text)
  expect(rows.map(({ occurredAt, amount, kind }) => [kstText(occurredAt).slice(5, 10), amount, kind])).toEqual([
    ['03-01', -33, 'charge'],
    ['03-02', -40, 'charge'],
    ['03-02', 40, 'refund'],
  ])
  expect(refused).toEqual([])
})

it('reads a list with a refund and a grant among the charges', async () => {
  const text =
    '이미지 생성\n2026. 1. 28. 14:21\n-33\n환불\n2026. 1. 28. 14:05\n+33\n구독 크레딧 지급\n2026. 1. 27. 09:00\n+1,000'
  const { rows } = await understandText(text)
  expect(rows.map(({ amount, kind }) => [amount, kind])).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
    [1000, 'grant'],
  ])
})

const daily = [
  { day: 'Mar 2', words: 'Refund', amount: '+40 credits' },
  { day: 'Mar 2', words: 'Video generation', amount: '40 credits used' },
  { day: 'Mar 1', words: 'Image generation', amount: '33 credits used' },
]

it.each([
  ['words', 'amount'],
  ['amount', 'words'],
] as const)('reads %s and %s below headings of days without clocks', async (...order) => {
  const lines = daily.flatMap(({ day, ...record }, index) => [
    ...(day === daily[index - 1]?.day ? [] : [day]),
    ...order.map((part) => record[part]),
  ])
  const { rows, refused } = await understandText(lines.join('\n'))
  expect(rows.map(({ occurredAt, amount, kind }) => [kstText(occurredAt).slice(5, 10), amount, kind])).toEqual([
    ['03-02', 40, 'refund'],
    ['03-02', -40, 'charge'],
    ['03-01', -33, 'charge'],
  ])
  expect(refused).toEqual([])
})

it('reads signed and plain amounts at the ends of lines', async () => {
  const { rows } = await understandText(
    '일시              내용         크레딧\n2026-01-28 14:21  이미지          -33\n2026-01-27 09:00  이미지 환불      33\n',
  )
  expect(rows.map(({ amount }) => amount)).toEqual([-33, 33])
})

it('counts the lines that belong to no record', async () => {
  const { skipped } = await understandText(
    '캐럿\n내 크레딧\n2026. 1. 28. 14:21\n이미지\n-33\n2026. 1. 27. 14:21\n이미지\n-33\n이용약관',
  )
  expect(skipped.notices).toBe(3)
})

it('finds no record in other text', async () => {
  const text = '오늘은 날씨가 좋아요.\n고양이 3마리를 그려 주세요.\n2026년에 다시 만나요'
  await expect(read(text)).rejects.toThrow('no_table')
})
