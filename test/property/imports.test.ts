/** Tables of any contents: nothing is lost, nothing is thrown, and a reading always gives the same rows. */
import { expect, test } from 'vitest'
import { signatureOf } from '../../src/core/domain/import/signature.ts'
import { understand } from '../../src/core/domain/import/understand.ts'
import { readTables } from '../../src/core/import/read/read.ts'
import { importFormats, type SourceTable } from '../../src/shared/imports.ts'
import fc from '../support/fast-check.ts'
import { importNow } from '../support/import-tables.ts'

const options = { now: importNow, zone: 'Asia/Seoul' }

const headings = [
  '거래일시',
  '구분',
  '크레딧',
  '잔액',
  '내용',
  'Date',
  'Type',
  'Amount',
  'Balance',
  'id',
  '',
  '__proto__',
  '사용',
  '지급',
  '상태',
]
const cells = [
  ...[
    '2026. 1. 28. 오후 12:05',
    '2026-01-28',
    '14:21',
    '01/02/2026',
    '46050.5',
    '오늘',
    '1769577693',
    '2026-02-30',
    '2026-01-28T05:21:33Z',
  ],
  ...['-33', '(1,033)', '33 크레딧', '0', '-0', '0.5', '9007199254740993', '₩5,000', '1e400', 'NaN'],
  ...[
    '사용',
    '환불',
    '만료',
    'refund',
    '이미지',
    '영상 생성 (Kling)',
    'pre',
    '합계',
    '=1+1',
    "'007",
    '\u0000',
    '🌸',
    '(((((',
    ' ',
  ],
]
const cell = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...cells) },
  fc.constant(''),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const table: fc.Arbitrary<SourceTable> = fc
  .tuple(
    fc.array(fc.array(cell, { maxLength: 2 }), { maxLength: 3 }),
    fc.array(fc.constantFrom(...headings), { maxLength: 7 }),
    fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 25 }),
  )
  .map(([notices, heading, rows]) => [...notices, heading, ...rows])
  .map((rows) => ({ name: '', rows, origins: rows.map((_, index) => index + 1) }))

test('every row of a table is a transaction, refused or counted', () => {
  fc.assert(
    fc.property(table, (source) => {
      const { rows, refused, skipped } = understand(source, options)
      expect(rows.length + refused.length + skipped.blank + skipped.notices + skipped.headings).toBe(source.rows.length)
      for (const row of rows) {
        expect(Number.isSafeInteger(row.amount) && !Object.is(row.amount, -0)).toBe(true)
        expect(row.occurredAt).toBeGreaterThanOrEqual(Date.UTC(1999, 11, 31))
        expect(row.raw).toEqual(source.rows[row.row - 1])
      }
    }),
    { numRuns: 1_500 },
  )
})

test('a reading crosses JSON and gives the same rows again', () => {
  fc.assert(
    fc.property(table, (source) => {
      const { guesses, ...first } = understand(source, options)
      const reading = JSON.parse(JSON.stringify(first.reading))
      expect({ ...understand(source, { ...options, reading }), guesses }).toEqual({ ...first, guesses })
      expect(signatureOf(source, options)).toBe(signatureOf(source, options))
    }),
    { numRuns: 500 },
  )
})

test('any bytes are read, or refused with a code', async () => {
  const starts = [
    '',
    'PK\u0003\u0004',
    '<table>',
    '<!doctype html>',
    '[{',
    '{"a":',
    'sep=;\n',
    '\uFEFF',
    'bplist',
    'MIME-Version: 1.0\n',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(cell, { maxLength: 20 }),
      async (start, bytes, texts) => {
        const answer = await readTables({
          bytes: Buffer.concat([Buffer.from(start), Buffer.from(texts.join('\n')), bytes]),
        })
        if (!answer.ok) expect(answer.problem.code).not.toBe('internal')
        else {
          expect(importFormats).toContain(answer.read.format)
          for (const read of answer.read.tables) {
            expect(read.origins).toHaveLength(read.rows.length)
            understand(read, options)
          }
        }
      },
    ),
    { numRuns: 1_500 },
  )
})
