import { describe, expect, it } from 'vitest'
import type { Column } from '../../src/core/export/columns.ts'
import { csvCell, csvHeading } from '../../src/core/export/csv.ts'

const id: Column = { field: 'transactionId', kind: 'id', piece: 0 }
const memo: Column = { field: 'memo', kind: 'text', piece: 0 }

describe('a cell of the CSV', () => {
  it.each([
    // Numbers, which lose digits, zeros and exponents.
    ...[
      '7301234567890123456',
      '007',
      '1e5',
      '1E+5',
      '12.50',
      '1,000',
      '(5)',
      '50%',
      '₩5000',
      '$3',
      '٣',
      '１２３',
      ' 7',
    ],
    // Dates and times, also those of Korean Excel.
    ...[
      '3-4',
      '3/4',
      '1월 3일',
      '2026. 1. 28.',
      '2026년',
      '14:21',
      '오후 2:21',
      '2:21 PM',
      '9a',
      'MAR1',
      'sept-2',
      '3 May',
    ],
    // Truth values change their case.
    ...['true', 'FALSE', ' True '],
  ])('keeps the text that a spreadsheet would read as a value: %j', (text) => {
    expect(csvCell(text, id).replaceAll('"', '')).toBe(`'${text}`)
  })

  it.each([
    ...['=1+1', '+82 10', '-33 크레딧', '@SUM(A1)', '\t=1', '\r=1', ' =1+1', '\n-1', '＝1+1', '＋1', '－1', '＠A1'],
  ])('keeps the text that a spreadsheet would run as a formula: %j', (text) => {
    expect(csvCell(text, memo)).toMatch(/^"?'/)
  })

  it.each([
    ...['tx_1', 'job-12', 'a1', 'deadbeef', '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'job:agent-1:007', 'charge:7'],
    ...['Seedream 4.0', 'March', 'May the 4th', '3 cats', '3월 프로모션', '2026년 봄', '고양이', '…', '🌸 1', ''],
  ])('stays as it is if no spreadsheet changes it: %j', (text) => {
    expect(csvCell(text, memo)).toBe(text)
  })

  it('puts an apostrophe before an apostrophe, so that the reader always takes exactly one away', () => {
    expect(csvCell("'007", id)).toBe("''007")
    expect(csvCell("'", memo)).toBe("''")
  })

  it('quotes a text with commas, quotes and line breaks', () => {
    expect(csvCell('벚꽃, "야경"\r\n둘째 줄', memo)).toBe('"벚꽃, ""야경""\r\n둘째 줄"')
  })

  it('leaves amounts and Korean times to the spreadsheet, and a missing value empty', () => {
    expect(csvCell(-33, { field: 'amount', kind: 'number', piece: 0 })).toBe('-33')
    expect(csvCell('2026-01-28 14:21:33', { field: 'occurredAt', kind: 'koreanTime', piece: 0 })).toBe(
      '2026-01-28 14:21:33',
    )
    expect(csvCell(null, memo)).toBe('')
  })

  it('decides about a long text in no time', () => {
    const started = performance.now()
    for (const text of ['1 '.repeat(50_000), `${'may 1 '.repeat(20_000)}x`, ' '.repeat(50_000)]) csvCell(text, memo)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

it('names the Korean time of a field and the further pieces of a long text', () => {
  const columns: Column[] = [
    { field: 'occurredAt', kind: 'koreanTime', piece: 0 },
    { field: 'occurredAt', kind: 'utcTime', piece: 0 },
    memo,
    { ...memo, piece: 1 },
  ]
  expect(columns.map(csvHeading)).toEqual(['occurredAtKst', 'occurredAt', 'memo', 'memo2'])
})
