import { expect, it } from 'vitest'
import en from '../../resources/locales/en.json' with { type: 'json' }
import ko from '../../resources/locales/ko.json' with { type: 'json' }
import { accountHeadings, hasApostrophes, workbookHeadings } from '../../src/core/domain/import/own-exports.ts'
import { understand } from '../../src/core/domain/import/understand.ts'
import { guessReasons, importNotices, importProblems, importTextKey, refusedReasons } from '../../src/shared/imports.ts'
import { kstText, read, statement, statementWithWords, tableOf, understandText } from '../support/import-tables.ts'

it('takes a column for the features that its heading names, though its words also tell the kind', async () => {
  const { reading, rows } = await understandText(
    '일자,기능,크레딧\n2026-01-28,이미지 생성,33\n2026-01-27,영상 생성 환불,50\n',
  )
  expect(reading.columns).toEqual(['day', 'feature', 'amount'])
  expect(rows.map(({ amount, kind, feature }) => [amount, kind, feature])).toEqual([
    [-33, 'charge', 'image'],
    [50, 'refund', 'video'],
  ])
})

it('understands a Korean statement with notices above its heading', async () => {
  const { rows, reading, skipped, refused, covers, order } = await understandText(statement)
  expect(
    rows.map(({ row, occurredAt, precision, amount, kind, feature, balanceAfter, text }) => [
      row,
      kstText(occurredAt),
      precision,
      amount,
      kind,
      feature,
      balanceAfter,
      text,
    ]),
  ).toEqual([
    [6, '2026-01-28 12:05:00', 'minute', -1033, 'charge', 'video', 2967, '영상 생성 (Kling)'],
    [7, '2026-01-28 00:05:00', 'minute', 1033, 'refund', 'video', 4000, '영상 생성 실패\n자동 환불'],
    [9, '2026-01-27 23:59:30', 'second', -33, 'charge', 'image', 4000, '이미지 ３장'],
  ])
  expect(reading).toMatchObject({
    headingRow: 4,
    columns: ['time', 'kind', 'amount', 'balance', 'text'],
    signRule: 'as_written',
  })
  expect({ skipped, refused }).toEqual({ skipped: { blank: 1, notices: 3, headings: 1 }, refused: [] })
  expect([covers?.from, covers?.to].map((time) => kstText(time ?? 0))).toEqual([
    '2026-01-01 00:00:00',
    '2026-02-01 00:00:00',
  ])
  expect(order).toEqual({ direction: 'newest_first', provedBy: 'times' })
})

it('reads the sign of positive amounts from the kind of the row', async () => {
  const { rows, reading, guesses } = await understandText(statementWithWords)
  expect(rows.map(({ amount, kind }) => [amount, kind])).toEqual([
    [-1033, 'charge'],
    [1033, 'refund'],
    [-33, 'charge'],
  ])
  expect(reading.signRule).toBe('by_word')
  expect(guesses.find(({ about }) => about === 'sign_rule')?.because.code).toBe('words_carry_sign')
})

it.each<[string, string]>([
  ['Debit and Credit', 'Date,Description,Debit,Credit'],
  ['Used and Amount', 'Date,Description,Used,Amount'],
  ['Out and In', 'Date,Description,Out,In'],
  ['two columns of credits', 'Date,Description,Credits used,Credits added'],
  ['사용 and 획득', '일시,내용,사용 크레딧,획득 크레딧'],
  ['출금 and 변동', '일시,내용,출금,변동'],
])('reads both sides of the credits from %s', async (_, heading) => {
  const rows = [
    '2026-01-28 14:21,Image generation,33,',
    '2026-01-28 14:25,Refund,,33',
    '2026-01-27 14:25,Grant,,"1,500"',
  ]
  const understood = await understandText([heading, ...rows, 'Total,,33,"1,533"'].join('\n'))
  expect(understood.rows.map(({ amount, kind }) => [amount, kind])).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
    [1500, 'grant'],
  ])
  expect(understood.refused.map(({ reason }) => reason.code)).toEqual(['total_row'])
})

it('keeps one column of credits if another repeats its numbers', async () => {
  const { rows } = await understandText(
    '일시,내용,사용,변동\n2026-01-28 14:21,이미지,33,33\n2026-01-28 14:25,영상,40,40',
  )
  expect(rows.map(({ amount }) => amount)).toEqual([-33, -40])
})

it('reads arrows as signs if some fall, and else a triangle as a minus', async () => {
  const amounts = async (...cells: string[]) => {
    const lines = cells.map((cell, minute) => `2026-01-28 14:0${minute},이미지,${cell}`)
    return (await understandText(['일시,내용,변동', ...lines].join('\n'))).rows.map(({ amount }) => amount)
  }
  expect(await amounts('▼33', '▲ 33', '▽ 5')).toEqual([-33, 33, -5])
  expect(await amounts('▲33', '40', '△5')).toEqual([-33, 40, -5])
})

it('reads what an amount is from the word behind it', async () => {
  const { rows } = await understandText(
    '일시,내용,크레딧\n2026-01-28 14:21,이미지 생성,33 크레딧 차감\n2026-01-28 14:25,이미지 생성,33 크레딧 환불\n2026-01-27 09:00,구독,500 크레딧 지급',
  )
  expect(rows.map(({ amount, kind }) => [amount, kind])).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
    [500, 'grant'],
  ])
})

it('is a table if its columns have names, also if no amount can be read', async () => {
  const text = '일시,내용,크레딧\n2026-01-28 14:21,이미지 생성,서른셋\n2026-01-28 14:25,환불,서른셋'
  expect(await read(text)).toMatchObject({ format: 'delimited' })
  const { rows, refused } = await understandText(text)
  expect(rows).toEqual([])
  expect(refused.map(({ reason }) => reason.code)).toEqual(['unreadable_amount', 'unreadable_amount'])
})

it('skips the line below the heading of a Markdown table', async () => {
  const { rows, refused } = await understandText(
    '| 일시 | 내용 | 크레딧 |\n|:---|---|---:|\n| 2026-01-28 14:21 | 이미지 생성 | -33 |\n| 2026-01-28 14:25 | 환불 | 33 |',
  )
  expect(rows.map(({ amount }) => amount)).toEqual([-33, 33])
  expect(refused).toEqual([])
})

it('gives the same rows for the reading that it guessed', async () => {
  for (const text of [statement, statementWithWords]) {
    const guessed = await understandText(text)
    const again = await understandText(text, JSON.parse(JSON.stringify(guessed.reading)))
    expect(again).toEqual({ ...guessed, guesses: [] })
  }
})

it('applies a changed sign, zone and role', async () => {
  const { reading } = await understandText(statement)
  const columns = reading.columns.map((role) => (role === 'text' ? 'ignored' : role))
  const changed = await understandText(statement, { ...reading, columns, zone: 'UTC', signRule: 'charges_positive' })
  expect(
    changed.rows.map(({ occurredAt, amount, text }) => [new Date(occurredAt).toISOString(), amount, text]),
  ).toEqual([
    ['2026-01-28T12:05:00.000Z', 1033, '사용'],
    ['2026-01-28T00:05:00.000Z', 1033, '환불'],
    ['2026-01-27T23:59:30.000Z', 33, '사용'],
  ])
})

it('refuses what it cannot read, with the reason, and drops nothing', async () => {
  const text = [
    '일시,내용,크레딧',
    '2026-02-30 10:00,이미지,-33',
    '2026-02-03 10:00,이미지,-0.5',
    '2026-02-02 10:00,이미지,세 장',
    '2026-02-02 09:00,이미지,',
    ',이미지,-33',
    '2026-02-01 10:00,이미지,-33',
    '합계,,-66',
    '※ 1개월간의 내역이에요.,,',
    ',,',
    '일시,내용,크레딧',
  ].join('\n')
  const { rows, refused, skipped } = await understandText(text)
  expect(refused.map(({ row, reason }) => [row, reason.code])).toEqual([
    [2, 'unreadable_time'],
    [3, 'fractional_amount'],
    [4, 'unreadable_amount'],
    [5, 'no_amount'],
    [6, 'no_time'],
    [8, 'total_row'],
  ])
  expect(rows.map(({ row }) => row)).toEqual([7])
  expect(skipped).toEqual({ blank: 1, notices: 1, headings: 2 })
})

it('has the headings of the workbook as the locale files have them', () => {
  for (const [language, { export: words }] of Object.entries({ ko, en })) {
    const headings = workbookHeadings[language as 'ko' | 'en']
    const texts = words.column as Record<string, string>
    const times = ['occurredAt', 'expiresAt', 'retractedAt']
    const expected = Object.keys(headings).map((field) => [
      field,
      times.includes(field) ? `${texts[field]} · ${words.inUtc}` : texts[field],
    ])
    expect(headings).toEqual(Object.fromEntries(expected))
  }
  expect([ko, en].every((words) => accountHeadings.includes(words.export.column.account))).toBe(true)
  expect(hasApostrophes(Object.values(workbookHeadings.ko))).toBe(false)
})

it('has a sentence in both languages for every code', () => {
  const groups = { problem: importProblems, notice: importNotices, reason: refusedReasons, guess: guessReasons }
  for (const texts of [ko, en]) {
    for (const [group, codes] of Object.entries(groups)) {
      const keys = codes.map((code) => importTextKey(group as keyof typeof groups, code))
      const given = Object.keys(texts.import[group as keyof typeof groups]).map((code) =>
        importTextKey(group as keyof typeof groups, code),
      )
      expect(given.sort()).toEqual(keys.sort())
    }
  }
})

it('is empty for a table without records', async () => {
  const answer = understand(await tableOf('일시,크레딧\n'), { now: 0, zone: 'Asia/Seoul' })
  expect(answer).toMatchObject({ rows: [], refused: [], covers: null, order: null, equalRows: 0, showsRefunds: false })
})
