import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { say } from '../core/messages.ts'
import { activeAccount } from '../core/store/accounts.ts'
import { listCasesByTime, toCaseItem } from '../core/store/case-queries.ts'
import { listJobs, toJobItem } from '../core/store/job-queries.ts'
import { listLedger } from '../core/store/ledger-queries.ts'
import { AppError } from '../shared/errors.ts'
import { type Language, refundStatuses } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { caseRecord, creditRecord, csvLine, jobRecord, type Value } from './records.ts'
import type { Session } from './session.ts'

const pageSize = 500

/** Writes everything to one file: whole or not at all. CSV is the ledger, JSON holds jobs, credits and refunds. */
export function exportTo({ format, out }: Arguments, language: Language, session: Session): number {
  const path = resolve(process.env.INIT_CWD ?? '.', out as string)
  const temporary = `${path}.${process.pid}.part`
  let rows = 0
  try {
    const file = openSync(temporary, 'wx')
    try {
      const write = (text: string) => writeSync(file, text)
      rows = format === 'csv' ? writeCsv(session, write) : writeJson(session, write)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new AppError('cannot_write_file', { path }, { cause: error })
  }
  process.stdout.write(`${say('cli.exported', language, { count: rows, path })}\n`)
  return 0
}

/** A byte order mark first, since spreadsheets take Korean for Latin without it. */
function writeCsv(session: Session, write: (text: string) => void): number {
  let rows = 0
  for (const record of ledger(session)) {
    if (rows === 0) write(`\uFEFF${csvLine(Object.keys(record))}\r\n`)
    write(`${csvLine(Object.values(record) as Value[])}\r\n`)
    rows++
  }
  return rows
}

function writeJson(session: Session, write: (text: string) => void): number {
  let rows = 0
  const section = (name: string, records: Iterable<unknown>, end: string) => {
    write(`  ${JSON.stringify(name)}: [`)
    let separator = '\n'
    for (const record of records) {
      write(`${separator}    ${JSON.stringify(record)}`)
      separator = ',\n'
      rows++
    }
    write(`\n  ]${end}\n`)
  }
  write('{\n')
  section('jobs', jobs(session), ',')
  section('credits', ledger(session), ',')
  section('refunds', cases(session), '')
  write('}\n')
  return rows
}

function* jobs({ store: { reader } }: Session) {
  const account = activeAccount(reader)
  for (let before: number | null = Number.MAX_SAFE_INTEGER; account && before !== null; ) {
    const page = listJobs(reader, account.account_id, {}, before, pageSize)
    for (const row of page.rows) yield jobRecord(toJobItem(reader, row))
    before = page.next
  }
}

function* ledger({ store: { reader } }: Session) {
  const account = activeAccount(reader)
  for (let before: number | null = Number.MAX_SAFE_INTEGER; account && before !== null; ) {
    const page: ReturnType<typeof listLedger> = listLedger(reader, account, {}, before, pageSize)
    for (const row of page.items) yield creditRecord(row)
    before = page.next
  }
}

function* cases({ store: { reader } }: Session) {
  const account = activeAccount(reader)
  for (let before = Number.MAX_SAFE_INTEGER; account; ) {
    const rows = listCasesByTime(reader, account.account_id, refundStatuses, undefined, before, pageSize)
    for (const row of rows) yield caseRecord(reader, row.case_id, toCaseItem(reader, row))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    before = last.case_id
  }
}
