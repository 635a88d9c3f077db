/** Exports of random records, read back by another package and compared with the JSON export. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from 'hucre/csv'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, expect, test } from 'vitest'
import { understand } from '../../src/core/domain/import/understand.ts'
import { exportTo, type RecordFormat } from '../../src/core/export/export.ts'
import { label } from '../../src/core/host/messages.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { saveMarks } from '../../src/core/store/cases/marks.ts'
import { createSupportCase } from '../../src/core/store/cases/support.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { UnderstoodRow } from '../../src/shared/imports.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { tableOf } from '../support/import-tables.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
let runs = 0

const awkward = [
  ...['7301234567890123456', '007', '1e5', '3-4', '=1+1', '-33 크레딧', '+1', '@a', '＝1', "'", "'007", 'TRUE'],
  ...[
    '2026. 1. 28.',
    '1월 3일',
    '오후 2:21',
    ' 앞',
    '뒤 ',
    '_x0041_',
    '_x005F_',
    'a"b',
    'a,b',
    'a;b',
    'a\tb',
    '🌸',
    '',
  ],
]
/** Any valid Unicode, but no control characters other than tabs and line feeds. */
const text = fc.oneof(
  fc.constantFrom(...awkward),
  fc.string({ unit: 'grapheme' }).map((value) => value.toWellFormed().normalize('NFC')),
  fc.array(fc.constantFrom('벚꽃', '\n', ' ', '7', '-', '="'), { maxLength: 6 }).map((parts) => parts.join('')),
)
const id = fc.oneof({ weight: 3, arbitrary: text }, fc.string({ unit: 'binary', maxLength: 20 })).filter((value) => {
  return value !== '' && value.length <= 128 && value.isWellFormed()
})
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 8 })

interface Records {
  jobIds: string[]
  transactionIds: string[]
  texts: string[]
}
const records: fc.Arbitrary<Records> = fc.record({
  jobIds: ids,
  transactionIds: ids,
  texts: fc.array(text, { minLength: 1, maxLength: 8 }),
})

/** The job that a charge names: a known one, none, or one of which no record is known. */
const jobOfCharge = ({ jobIds, transactionIds }: Records, index: number): string | null =>
  [jobIds[index % jobIds.length] as string, null, transactionIds[index] as string][index % 3] as string | null

/** Stores the records in a new data folder: every text is a prompt, memo, note and message. */
function store(given: Records): string {
  const { jobIds, transactionIds, texts } = given
  const dataDir = join(folder.path, String(++runs))
  const opened = openStore(dataDir)
  const database = opened.writer
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const textAt = (index: number) => texts[index % texts.length] as string
  const jobs = jobIds.map((jobId, index) =>
    makeJob({ id: jobId, chatId: jobId, prompt: textAt(index), createdAt: midnight + index * 1_001 }),
  )
  const rows = transactionIds.map((transactionId, index) =>
    makeTransaction({
      id: transactionId,
      jobId: jobOfCharge(given, index),
      memo: textAt(index),
      occurredAt: midnight + index * minute + 7,
    }),
  )
  applyListingPage(database, accountId, agent1, listingPage<{ id: string }>(jobs), midnight)
  applyListingPage(database, accountId, credits, listingPage<{ id: string }>(rows), midnight)
  for (const [index, jobId] of jobIds.entries()) {
    const subject = { caseId: 0, caseName: `job:agent-1:${jobId}` }
    const note = textAt(index)
    saveMarks(
      database,
      accountId,
      subject,
      { favorite: index % 2 === 0, unwanted: false, note, dismissedAt: null },
      midnight,
    )
  }
  createSupportCase(database, accountId, { cases: ['charge:x'], subject: textAt(0), text: textAt(1) }, midnight)
  opened.close()
  return dataDir
}

async function exported(dataDir: string, format: RecordFormat): Promise<Buffer> {
  const path = join(dataDir, `all.${format}`)
  await exportTo(dataDir, { format, path, text: (name) => label(`export.${name}`, 'ko') })
  return readFileSync(path)
}

type Exported = Record<'jobs' | 'credits' | 'refunds' | 'marks' | 'support', Record<string, unknown>[]>
async function json(dataDir: string): Promise<Exported> {
  const { schemaVersion, account, ...records } = JSON.parse((await exported(dataDir, 'json')).toString())
  expect([schemaVersion, account.id]).toEqual([1, makeAccount().id])
  return records
}

/** `2026-01-28T05:21:33.120Z` → `2026-01-28 14:21:33`, without the code under test. */
const inKorea = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' })
const korean = (utc: string) => inKorea.format(new Date(utc))

test('CSV holds the same transactions as JSON, each text with at most one apostrophe in front', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const dataDir = store(given)
      const [headings = [], ...rows] = parseCsv((await exported(dataDir, 'csv')).toString(), { delimiter: ',' })
      const expected = (await json(dataDir)).credits
      const named = new Map(given.transactionIds.map((id, index) => [id, jobOfCharge(given, index)]))
      expect(new Map(expected.map(({ transactionId, jobId }) => [transactionId, jobId]))).toEqual(named)
      expect(rows).toHaveLength(expected.length)
      for (const [index, row] of rows.entries()) {
        const cells = Object.fromEntries(headings.map((heading, column) => [heading, String(row[column] ?? '')]))
        for (const [field, value] of Object.entries(expected[index] ?? {})) {
          const cell = (cells[field] as string).replace(/^'/, '')
          expect(cell).toBe(value === null ? '' : String(value))
        }
        expect(cells.occurredAtKst).toBe(korean(expected[index]?.occurredAt as string))
      }
    }),
    { numRuns: 30 },
  )
})

test('a workbook holds the same records as JSON: ids as text, amounts as numbers, Korean times as dates', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const dataDir = store(given)
      const expected = await json(dataDir)
      const workbook = await readXlsx(await exported(dataDir, 'xlsx'))
      expect(workbook.sheets.map((sheet) => sheet.name)).toEqual(['작업', '사용 내역', '환불', '표시', '문의 기록'])
      for (const [index, sheet] of workbook.sheets.entries()) {
        const [, ...rows] = sheet.rows
        const read = rows.map((row) => row.map((cell) => (cell instanceof Date ? cell.toISOString() : (cell ?? null))))
        expect(read).toEqual(Object.values(expected)[index]?.map(asCells))
      }
    }),
    { numRuns: 30 },
  )
})

test.each(['csv', 'xlsx', 'json'] as const)('the import reads %s back without loss', async (format) => {
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const dataDir = store(given)
      const expected = (await json(dataDir)).credits
      const table = await tableOf(await exported(dataDir, format))
      const { rows, refused, reading } = understand(table, { now: midnight, zone: 'America/New_York' })
      expect([reading.layout, refused]).toEqual(['own_export', []])
      expect(rows.map(asRecord)).toEqual(expected.map(withoutDerived))
    }),
    { numRuns: 30 },
  )
})

/** A row of the import in the shape of the JSON export. */
function asRecord({ ids, ...row }: UnderstoodRow): Record<string, unknown> {
  const time = (value: number | null) => (value === null ? null : new Date(value).toISOString())
  return {
    transactionId: ids.transactionId,
    kind: row.kind,
    feature: row.feature,
    source: row.creditSource,
    amount: row.amount,
    balanceAfter: row.balanceAfter,
    occurredAt: time(row.occurredAt),
    agent: row.agent,
    model: row.model,
    memo: row.text,
    jobId: ids.jobId ?? null,
    reverses: ids.reverses ?? null,
    expiresAt: time(row.expiresAt),
    retractedAt: time(row.retractedAt),
  }
}

/** Files hold no difference between no memo and an empty one. */
const withoutDerived = ({ runningBalance: _, case: __, refundStatus: ___, ...record }: Record<string, unknown>) => ({
  ...record,
  memo: record.memo === '' ? null : record.memo,
})

const isTime = (field: string) => /At$|^since$/.test(field)

/** What only an import needs of a job. */
const onlyInJson = new Set([
  'chatUrl',
  'status',
  'failure',
  'requestedResults',
  'startedAt',
  'finishedAt',
  'removedAt',
  'revision',
  'results',
])

/** The cells that a record of the JSON export should have in a workbook. */
function asCells(record: Record<string, unknown>): unknown[] {
  return Object.entries(record)
    .filter(([field]) => !onlyInJson.has(field))
    .flatMap(([field, value]) => {
      if (Array.isArray(value)) return [value.join('\n')]
      if (!isTime(field)) return [value]
      return value === null ? [null, null] : [`${korean(value as string).replace(' ', 'T')}.000Z`, value]
    })
}
