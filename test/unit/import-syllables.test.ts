import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { encodeCp949 } from '../support/import-bytes.ts'
import { read } from '../support/import-tables.ts'

/** All 11,172 syllables, 28 to a text. */
const texts = Array.from({ length: 399 }, (_, row) =>
  String.fromCharCode(...Array.from({ length: 28 }, (_, index) => 0xac00 + row * 28 + index)),
)
const rows = [['일시', '크레딧', '내용'], ...texts.map((text, index) => ['2026-01-28 14:21', String(-1 - index), text])]

const encodings: [string, (text: string) => Uint8Array][] = [
  ['utf-8', (text) => Buffer.from(text)],
  ['utf-8', (text) => Buffer.from(`\uFEFF${text}`)],
  ['utf-16le', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['utf-16be', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ['cp949', encodeCp949],
]
const html = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')
const formats: [string, string][] = [
  ['delimited', rows.map((row) => row.join(',')).join('\r\n')],
  ['delimited', rows.map((row) => row.join('\t')).join('\n')],
  ['html', `<meta charset=euc-kr><table>${html}</table>`],
  ['json', JSON.stringify(rows.slice(1).map(([time, amount, text]) => ({ 일시: time, 크레딧: amount, 내용: text })))],
]

describe.each(formats)('all 11,172 syllables in %s', (format, text) => {
  it.each(encodings)('come through %s', async (encoding, encode) => {
    const source = await read(encode(text))
    expect(source).toMatchObject({ format, encoding })
    expect(source.tables[0]?.rows).toEqual(rows)
  })
})

it('all 11,172 syllables come through XLSX', async () => {
  const source = await read(await writeXlsx({ sheets: [{ name: '사용 내역', rows }] }))
  expect(source.tables[0]?.rows).toEqual(rows)
})
