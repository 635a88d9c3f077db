/** Sources whose records stand in an unusual place: other shapes of JSON, pages without tables, several sheets. */
import { writeXlsx } from 'hucre/xlsx'
import { expect, it, test } from 'vitest'
import { readTables } from '../../src/core/import/read/read.ts'
import { kstText, read, understandText } from '../support/import-tables.ts'

const rowsOf = async (source: string | Uint8Array) =>
  (await understandText(source)).rows.map(({ occurredAt, amount, feature }) => [kstText(occurredAt), amount, feature])
const two = [
  ['2026-01-28 14:21:00', -33, 'image'],
  ['2026-01-27 14:05:00', -50, 'video'],
]
const first = { time: '14:21', feature: '이미지', amount: -33 }
const second = { time: '14:05', feature: '영상', amount: -50 }
const cells = [
  ['2026-01-28 14:21', '이미지', -33],
  ['2026-01-27 14:05', '영상', -50],
]
const headings = ['일시', '기능', '크레딧']

test.each([
  ['an array of arrays', [headings, ...cells]],
  ['arrays beside their headings', { total: 2, data: { columns: headings, rows: cells } }],
  ['lists below their days', { '2026-01-28': [first], '2026-01-27': [second] }],
  [
    'lists in the items of a list',
    [
      { date: '2026-01-28', items: [first] },
      { date: '2026-01-27', items: [second] },
    ],
  ],
  ['an array for each column', { date: cells.map(([at]) => at), feature: ['image', 'video'], amount: [-33, -50] }],
])('reads %s of JSON', async (_, document) => {
  expect(await rowsOf(JSON.stringify(document))).toEqual(two)
})

const rowsOfCsv = ['일시,기능,크레딧', '2026-01-28 14:21,이미지,-33', '2026-01-27 14:05,영상,-50']
test.each([
  ['with mixed line ends', `${rowsOfCsv[0]}\r\n${rowsOfCsv[1]}\r${rowsOfCsv[2]}\n`],
  [
    'of two files, one behind the other',
    `\uFEFF${rowsOfCsv[0]}\n${rowsOfCsv[1]}\n\uFEFF${rowsOfCsv[0]}\n${rowsOfCsv[2]}\n`,
  ],
  ['with texts as formulas', `${rowsOfCsv[0]}\n="2026-01-28 14:21",="이미지",="-33"\n2026-01-27 14:05,영상,-50\n`],
  [
    'in a frame',
    `┌──┬──┐\n${rowsOfCsv.map((row) => `│ ${row.replaceAll(',', ' │ ')} │`).join('\n├──┼──┤\n')}\n└──┴──┘\n`,
  ],
])('reads a table %s', async (_, text) => {
  expect(await rowsOf(text)).toEqual(two)
  expect((await understandText(text)).refused).toEqual([])
})

test.each([
  [
    'a page whose style alone sets the cells apart',
    `<div><h3>2026. 1. 28.</h3><div><span>오후 2:21</span><span>이미지 생성</span><b>-33</b></div>
     <h3>2026. 1. 27.</h3><div><span>오후 2:05</span><span>영상 생성</span><b>-50</b></div></div>`,
  ],
  [
    'a list of terms',
    '<dl><dt>2026-01-28 14:21</dt><dd>이미지</dd><dd>-33</dd><dt>2026-01-27 14:05</dt><dd>영상</dd><dd>-50</dd></dl>',
  ],
  [
    'rows that were cut out of their table',
    `<meta charset="utf-8"><tr><td>2026-01-28 14:21</td><td>이미지</td><td><span>-</span>33</td></tr>
     <tr><td>2026-01-27 14:05</td><td>영상</td><td><span>-</span>50</td></tr>`,
  ],
])('reads %s', async (_, html) => {
  expect(await rowsOf(html)).toEqual(two)
})

const top = ['2026-01-26 10:00', '충전', 100]
it('reads tables that stand side by side in a sheet', async () => {
  const beside = (other: string[], gap: string[]) =>
    [
      ['충전', '', '', ...gap, '사용'],
      [...other, ...gap, ...headings],
      [...top, ...gap, ...(cells[0] as string[])],
      ['', '', '', ...gap, ...(cells[1] as string[])],
    ]
      .map((row) => row.join('\t'))
      .join('\n')
  const all = [['2026-01-26 10:00:00', 100, null], ...two]
  expect(await rowsOf(beside(headings, ['']))).toEqual(all)
  expect(await rowsOf(beside(headings, []))).toEqual(all)
  // With other headings they are tables of their own.
  const other = beside(['일시', '상품', '충전 크레딧'], [''])
  expect(await rowsOf(other)).toEqual(two)
  expect((await read(other)).tables.map(({ origins }) => origins)).toEqual([
    [1, 2, 3, 4],
    [1, 2, 3],
  ])
})

it('reads tables with other headings below one another as tables of their own', async () => {
  const text = `충전\n일시,크레딧,상품\n2026-01-26 10:00,100,A\n\n사용\n${rowsOfCsv.join('\n')}\n`
  expect(await rowsOf(text)).toEqual(two)
  const { tables } = await read(text)
  expect(tables.map(({ rows }) => rows[0])).toEqual([[''], ['충전']])
})

it('reads clocks of Excel in a column of their own, dates of 1904 without a format, and no hidden sheet', async () => {
  const at = (time: string) => new Date(`${time}Z`)
  const clock = { numFmt: 'h:mm' }
  const sheet = (rows: unknown[][]) => ({ name: `s${rows.length}`, rows }) as never
  const clocks = await writeXlsx({
    sheets: [
      {
        name: 'old',
        hidden: true,
        rows: [headings, ...Array.from({ length: 9 }, () => ['2025-01-01 10:00', '영상', -9])],
      },
      {
        name: 'new',
        columns: [{}, clock, {}, {}],
        rows: [
          ['날짜', '시각', '기능', '크레딧'],
          [at('2026-01-28T00:00:00'), at('1899-12-31T14:21:00'), '이미지', -33],
          [at('2026-01-27T00:00:00'), at('1899-12-31T14:05:00'), '영상', -50],
        ],
      } as never,
    ],
  })
  expect(await rowsOf(clocks)).toEqual(two)
  const macintosh = await writeXlsx({
    dateSystem: '1904',
    sheets: [sheet([headings, [44_588.597_916_666_7, '이미지', -33], [44_587.586_805_555_6, '영상', -50]])],
  })
  expect(await rowsOf(macintosh)).toEqual(two)
})

it('reads western text of Excel in Windows, and says that it is unsure', async () => {
  const text = 'Date,Feature,Credits\n2026-01-28 14:21,Image \u00E9 !,-33\n2026-01-27 14:05,Video,-50\n'
  const latin = Buffer.from(text, 'latin1')
  expect(await read(latin)).toMatchObject({ encoding: 'windows-1252', notices: [{ code: 'encoding_unsure' }] })
  expect(await rowsOf(latin)).toEqual(two)
})

it('reads whole amounts with a decimal comma, and refuses fractions', async () => {
  const { rows, refused } = await understandText(
    'Datum;Betrag\n28.01.2026 14:21;-33,00\n27.01.2026 14:05;-1.040,00\n26.01.2026 14:05;-1.040,50\n',
  )
  expect(rows.map(({ amount }) => amount)).toEqual([-33, -1040])
  expect(refused.map(({ reason }) => reason.code)).toEqual(['fractional_amount'])
})

it('joins sheets with the same headings, and counts a row once that stands in a sheet of everything too', async () => {
  const sheet = (name: string, rows: unknown[][]) => ({ name, rows: [headings, ...rows] as never })
  const [one, other] = cells as [unknown[], unknown[]]
  const bytes = await writeXlsx({
    sheets: [
      { name: '안내', rows: [['안내']] },
      sheet('1월', [one, one]),
      sheet('2월', [other]),
      sheet('전체', [one, one, other]),
    ],
  })
  const { tables } = await read(bytes)
  expect(tables.map(({ name }) => name)).toEqual(['1월 + 2월 + 전체', '전체', '1월', '2월', '안내'])
  expect(tables[0]?.rows).toEqual([headings, ...[one, one, other].map((row) => row.map(String))])
})

it('reads nothing of JSON Lines if one line is damaged, and names the line', async () => {
  const line = JSON.stringify({ date: '2026-01-28 14:21', amount: -33 })
  expect(await readTables({ bytes: Buffer.from(`${line}\n{"date":"2026-\n${line}\n`) })).toEqual({
    ok: false,
    problem: { code: 'bad_json_line', params: { row: 2, lines: 1 } },
  })
})
