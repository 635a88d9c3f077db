import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { setImmediate as otherWork } from 'node:timers/promises'
import { AppError } from '../../shared/errors.ts'
import { type ExportFormat, refundStatuses } from '../../shared/values.ts'
import type { ExportedFile } from '../../shared/views.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import { activeAccount } from '../store/accounts.ts'
import { listCasesByTime, toCaseItem } from '../store/case-queries.ts'
import { newFile } from '../store/data-folder.ts'
import { explainStoreError } from '../store/errors.ts'
import { toJobItems } from '../store/job-items.ts'
import { listJobs } from '../store/job-queries.ts'
import { listLedger } from '../store/ledger-queries.ts'
import { listMarks } from '../store/marks.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { type Readable, readSnapshot } from '../store/store.ts'
import { listSupportCases } from '../store/support.ts'
import { caseRecord, creditRecord, csvLine, jobRecord, markRecord, supportRecord, type Value } from './records.ts'

const pageSize = 500

/** Exports to a new file in the data folder, named after the time `at` (epoch ms). Throws as `exportTo` does. */
export async function exportToDataFolder(dataDir: string, format: ExportFormat, at: number): Promise<ExportedFile> {
  const file = newFile(dataDir, 'exports', format, at)
  return { ...file, records: await exportTo(dataDir, format, file.path) }
}

/**
 * Writes the records of one state of the database to a file, whole or not at all, and returns how many. CSV is the ledger;
 * JSON holds jobs, credits, refunds, marks and the support diary. Throws `cannot_write_file` or `disk_full`.
 */
export function exportTo(dataDir: string, format: ExportFormat, path: string): Promise<number> {
  return readSnapshot(dataDir, (database) => writeWhole(database, format, path))
}

/**
 * Writes to a temporary file first, so a failed export leaves and replaces no file. Other work goes on between pages.
 */
async function writeWhole(database: Readable, format: ExportFormat, path: string): Promise<number> {
  const temporary = `${path}.${process.pid}.part`
  try {
    const file = openSync(temporary, 'wx')
    let records: number
    try {
      const write = (text: string) => writeSync(file, text)
      records = await (format === 'csv' ? writeCsv(database, write) : writeJson(database, write))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
    return records
  } catch (error) {
    rmSync(temporary, { force: true })
    const explained = explainStoreError(error, path)
    if (explained instanceof AppError && explained.code === 'disk_full') throw explained
    throw new AppError('cannot_write_file', { path }, { cause: error })
  }
}

type Write = (text: string) => void
type Records = AsyncIterable<object> | Iterable<object>

/** Begins with a byte order mark: without it, spreadsheets read Korean text in a Latin encoding. */
async function writeCsv(database: Readable, write: Write): Promise<number> {
  let records = 0
  const account = activeAccount(database)
  for await (const record of account ? ledger(database, account) : []) {
    if (records === 0) write(`\uFEFF${csvLine(Object.keys(record))}\r\n`)
    write(`${csvLine(Object.values(record) as Value[])}\r\n`)
    records++
  }
  return records
}

async function writeJson(database: Readable, write: Write): Promise<number> {
  let records = 0
  let end = '{\n'
  const section = async (name: string, rows: Records) => {
    write(`${end}  ${JSON.stringify(name)}: [`)
    let separator = '\n'
    for await (const record of rows) {
      write(`${separator}    ${JSON.stringify(record)}`)
      separator = ',\n'
      records++
    }
    write('\n  ]')
    end = ',\n'
  }
  const account = activeAccount(database)
  const id = account?.accountId ?? 0
  await section('jobs', account ? jobs(database, account) : [])
  await section('credits', account ? ledger(database, account) : [])
  await section('refunds', account ? cases(database, account) : [])
  await section('marks', listMarks(database, id).map(markRecord))
  await section('support', listSupportCases(database, id).map(supportRecord))
  write('\n}\n')
  return records
}

async function* jobs(database: Readable, { accountId: id }: AccountRow) {
  for (let before: number | null = aboveAllIds; before !== null; await otherWork()) {
    const page = listJobs(database, id, {}, before, pageSize)
    for (const job of toJobItems(database, page.rows)) yield jobRecord(job)
    before = page.next
  }
}

async function* ledger(database: Readable, account: AccountRow) {
  for (let before: number | null = aboveAllIds; before !== null; await otherWork()) {
    const page: ReturnType<typeof listLedger> = listLedger(database, account, {}, before, pageSize)
    for (const row of page.items) yield creditRecord(row)
    before = page.next
  }
}

async function* cases(database: Readable, { accountId: id }: AccountRow) {
  for (let before = aboveAllIds; ; await otherWork()) {
    const rows = listCasesByTime(database, id, refundStatuses, undefined, before, pageSize)
    for (const row of rows) yield caseRecord(database, row.caseId, toCaseItem(database, row))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    before = last.caseId
  }
}
