import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { readTables } from '../../src/core/import/read/read.ts'
import { encodeCp949, entriesOf, zipOf } from '../support/import-bytes.ts'
import { kstText, read, statement, tableOf, understandText } from '../support/import-tables.ts'

const problemOf = async (bytes: Uint8Array | string) => {
  const answer = await readTables({ bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes })
  return answer.ok ? null : answer.problem.code
}

const expected = (await understandText(statement)).rows.map(({ occurredAt, amount, kind, text }) => [
  occurredAt,
  amount,
  kind,
  text,
])
const readStatement = async (bytes: Uint8Array | string) =>
  (await understandText(bytes)).rows.map(({ occurredAt, amount, kind, text }) => [occurredAt, amount, kind, text])

describe('the statement in each format', () => {
  it('is read from CP949 with line breaks of Windows', async () => {
    const windows = statement.replaceAll('실패\n자동', '실패\t자동').replaceAll('\n', '\r\n').replaceAll('\t', '\n')
    expect(await readStatement(encodeCp949(windows))).toEqual(expected)
    expect(await read(encodeCp949(windows))).toMatchObject({ encoding: 'cp949', encodingCandidates: [] })
  })

  it('is read from UTF-16 with and without a mark, with tabs', async () => {
    const tabs = (await tableOf(statement)).rows
      .map((row) => row.map((cell) => (cell.includes('\n') ? `"${cell}"` : cell)).join('\t'))
      .join('\n')
    const little = Buffer.from(tabs, 'utf16le')
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), little])
    expect(await readStatement(marked)).toEqual(expected)
    expect(await readStatement(little)).toEqual(expected)
    expect(await readStatement(Buffer.from(marked).swap16())).toEqual(expected)
    expect(await read(Buffer.from(little).swap16())).toMatchObject({ encoding: 'utf-16be' })
  })

  it('is read from semicolons with a sep= line', async () => {
    const table = await tableOf(statement)
    const lines = table.rows.map((row) => row.map((cell) => `"${cell}"`).join(';')).join('\n')
    expect(await readStatement(`sep=;\n${lines}`)).toEqual(expected)
    expect((await tableOf(`sep=;\n${lines}`)).origins).toEqual(table.origins.map((line) => line + 1))
  })

  it('is read from an HTML table named .xls in EUC-KR', async () => {
    const { rows } = await tableOf(statement)
    const cell = (text: string) => `<td>${text.replaceAll('\n', '<br>')}<script>alert(1)</script></td>`
    const html = `<html><head><meta charset=euc-kr></head><body><p>안내</p><table>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('')}</table></body></html>`
    expect(await readStatement(encodeCp949(html))).toEqual(expected)
    expect(await read(encodeCp949(html))).toMatchObject({ format: 'html', encoding: 'cp949' })
  })

  it('is read from XLSX with dates, serial numbers and texts', async () => {
    const { rows } = await tableOf(statement)
    const [first, second, third] = [6, 7, 8].map((line) => rows[line - 1] as string[])
    const bytes = await writeXlsx({
      sheets: [
        { name: '빈 시트', rows: [] },
        {
          name: '사용 내역',
          rows: [
            ...rows.slice(0, 5),
            [46050.5034722, ...(first as string[]).slice(1)],
            [new Date('2026-01-28T00:05:00Z'), second?.[1] ?? '', 1033, 4000, second?.[4] ?? ''],
            third as string[],
          ],
        },
      ],
    })
    expect(await readStatement(bytes)).toEqual(expected)
    const { tables, format } = await read(bytes)
    expect([format, tables.length, tables[0]?.name]).toEqual(['xlsx', 1, '사용 내역'])
  })

  it('is read from JSON and JSON Lines with nested objects', async () => {
    const objects = (await tableOf(statement)).rows
      .slice(5)
      .map(([time, kind, amount, balance, text]) => ({ time, row: { type: kind, amount, balance }, description: text }))
    expect(await readStatement(JSON.stringify({ data: { items: objects } }))).toEqual(expected)
    const lines = objects.map((object) => JSON.stringify(object)).join('\n')
    expect(await readStatement(lines)).toEqual(expected)
    expect(await readTables({ bytes: Buffer.from(`${lines}\n{"half`) })).toEqual({
      ok: false,
      problem: { code: 'bad_json_line', params: { row: 4, lines: 1 } },
    })
  })
})

it('keeps a cell over two rows of HTML in both, and the biggest table first', async () => {
  const html = `<table><tr><td>x</td></tr></table>
    <table><tr><th>날짜<th>시각<th>내용<th>크레딧
    <tr><td rowspan=2>2026-01-28<td>14:21<td>이미지<td>&minus;33
    <tr><td>14:05<td>영상<td>-50&nbsp;크레딧</table>`
  const { rows } = await understandText(html)
  expect(rows.map(({ occurredAt, amount, feature }) => [kstText(occurredAt), amount, feature])).toEqual([
    ['2026-01-28 14:21:00', -33, 'image'],
    ['2026-01-28 14:05:00', -50, 'video'],
  ])
})

it('keeps long numbers of JSON as they are written', async () => {
  const { rows } = await tableOf('[{"transactionId":7301234567890123456,"amount":-33,"date":"2026-01-02"}]')
  expect(rows[1]).toEqual(['7301234567890123456', '-33', '2026-01-02'])
})

it('keeps formulas as text', async () => {
  const rows = [
    ['일시', '내용', '크레딧'],
    ['2026-01-02 10:00', '=HYPERLINK("http://x")', '-33'],
    ['2026-01-02 09:00', '@SUM(A1)', '-33'],
  ]
  const csv = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
  expect((await understandText(csv)).rows.map(({ text }) => text)).toEqual(['=HYPERLINK("http://x")', '@SUM(A1)'])
})

it('offers other encodings for text that is hardly Korean', async () => {
  // 日時,クレジット in Shift_JIS, which is valid CP949.
  const japanese = Uint8Array.from([
    0x93, 0xfa, 0x8e, 0x9e, 0x2c, 0x83, 0x4e, 0x83, 0x8c, 0x83, 0x57, 0x83, 0x62, 0x83, 0x67, 0x0a,
  ])
  const { encodingCandidates, notices } = await read(japanese)
  expect(encodingCandidates).toContain('shift_jis')
  expect(notices).toEqual([{ code: 'encoding_unsure', params: {} }])
  expect((await tableOf(japanese, { encoding: 'shift_jis' })).rows[0]).toEqual(['日時', 'クレジット'])
})

describe('a source that cannot be read', () => {
  const header = '일시,크레딧\n'
  it.each<[string, Uint8Array | string, string | null]>([
    ['is empty', '', 'empty'],
    ['has only spaces', ' \r\n\t', 'empty'],
    ['is in no known encoding', Uint8Array.from([0x41, 0xff, 0xff, 0x42]), 'unknown_encoding'],
    ['is a PDF', '%PDF-1.7 …', 'unknown_format'],
    ['is a ZIP without a workbook', zipOf([{ name: 'a.txt', data: Buffer.from('hi') }]), 'unknown_format'],
    ['is half a ZIP', zipOf([{ name: 'xl/workbook.xml', data: Buffer.alloc(500, 'a') }]).subarray(0, 60), 'damaged'],
    [
      'is an encrypted ZIP',
      zipOf([{ name: 'xl/workbook.xml', data: Buffer.from('x'), flags: 1 }]),
      'password_protected',
    ],
    [
      'is a workbook with a password',
      Buffer.concat([
        Buffer.from('d0cf11e0a1b11ae1', 'hex'),
        Buffer.alloc(600),
        Buffer.from('EncryptedPackage', 'utf16le'),
      ]),
      'password_protected',
    ],
    ['is a broken XLS', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), 'damaged'],
    ['is a web archive', 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n', 'web_archive'],
    ['is a web archive of Safari', 'bplist00…', 'web_archive'],
    ['is JSON that ends early', '[{"amount": -33, "date": "2026-', 'damaged'],
    ['has a million columns', `${header}${'x,'.repeat(1_000_000)}`, 'too_many_columns'],
    ['has too many rows', '1,2\n'.repeat(300_001), 'too_many_rows'],
    ['has an enormous cell', `${header}2026-01-01,"${'x'.repeat(70_000)}"`, 'cell_too_long'],
    ['has a quote that is never closed', `${header}2026-01-01,"${'x,1\n'.repeat(100_000)}`, 'cell_too_long'],
    ['is too large', new Uint8Array(64 * 2 ** 20 + 1), 'too_large'],
    [
      'states a size that is not true',
      zipOf([{ name: 'xl/workbook.xml', data: Buffer.alloc(9_000, 'a'), stated: 100 }]),
      'damaged',
    ],
    ['is a bomb', zipOf([{ name: 'xl/workbook.xml', data: Buffer.alloc(80 * 2 ** 20) }]), 'unpacks_too_large'],
    [
      'is a bomb that lies',
      zipOf([{ name: 'xl/workbook.xml', data: Buffer.alloc(80 * 2 ** 20), stated: 10 }]),
      'damaged',
    ],
    [
      'states gigabytes',
      zipOf([{ name: 'xl/workbook.xml', data: Buffer.from('x'), stated: 3_000_000_000 }]),
      'unpacks_too_large',
    ],
  ])('%s', async (_, bytes, problem) => {
    expect(await problemOf(bytes)).toBe(problem)
  })

  it('has a cell in the last corner of a sheet', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'a',
          rows: [
            ['일시', '크레딧'],
            ['2026-01-01', -3],
          ],
        },
      ],
    })
    const corner = withSheet(bytes, (xml) =>
      xml.replace('</sheetData>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    expect(await problemOf(corner)).toBe('too_many_columns')
  })

  it('names the line of the problem', async () => {
    const answer = await readTables({ bytes: new TextEncoder().encode(`${header}${'x,'.repeat(600)}`) })
    expect(answer).toEqual({ ok: false, problem: { code: 'too_many_columns', params: { limit: 500, row: 2 } } })
  })
})

/** A workbook with the XML of its first sheet changed. */
function withSheet(bytes: Uint8Array, change: (xml: string) => string): Uint8Array {
  return zipOf(
    entriesOf(bytes).map(({ name, data }) => ({
      name,
      data: name.endsWith('sheet1.xml') ? Buffer.from(change(data.toString())) : data,
    })),
  )
}
