/** Reads the records of an export page by page, so that memory is bounded and other work runs in between. */
import { setImmediate as otherWork } from 'node:timers/promises'
import { refundStatuses } from '../../shared/values.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import { listCasesByTime, toBareCase } from '../store/cases/case-queries.ts'
import { listMarks } from '../store/cases/marks.ts'
import { listSupportCases } from '../store/cases/support.ts'
import type { Readable } from '../store/handles.ts'
import { listJobs } from '../store/jobs/job-queries.ts'
import { listWholeLedger } from '../store/ledger/ledger-queries.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { caseRecord, creditRecord, jobRecord, markRecord, supportRecord } from './records.ts'

const pageSize = 500

export interface ExportedRecords {
  jobs: ReturnType<typeof jobRecord>
  credits: ReturnType<typeof creditRecord>
  refunds: ReturnType<typeof caseRecord>
  marks: ReturnType<typeof markRecord>
  support: ReturnType<typeof supportRecord>
}

export type RecordType = keyof ExportedRecords
/** The types of records, in the order in which a file holds them. */
export const recordTypes = ['jobs', 'credits', 'refunds', 'marks', 'support'] as const satisfies RecordType[]

const readers: {
  [T in RecordType]: (
    database: Readable,
    account: AccountRow,
  ) => AsyncIterable<ExportedRecords[T]> | Iterable<ExportedRecords[T]>
} = {
  jobs,
  credits,
  refunds,
  marks: (database, { accountId }) => listMarks(database, accountId).map(markRecord),
  support: (database, { accountId }) => listSupportCases(database, accountId).map(supportRecord),
}

/** The records of a type of an account, newest first. */
export async function* readRecords<T extends RecordType>(
  database: Readable,
  account: AccountRow,
  type: T,
): AsyncGenerator<ExportedRecords[T]> {
  yield* readers[type](database, account)
}

async function* jobs(database: Readable, { accountId: id }: AccountRow) {
  for (let before: number | null = aboveAllIds; before !== null; await otherWork()) {
    const page = listJobs(database, [id], {}, before, pageSize)
    for (const job of page.rows) yield jobRecord(job)
    before = page.next
  }
}

async function* credits(database: Readable, account: AccountRow) {
  for (let before: number | null = aboveAllIds; before !== null; await otherWork()) {
    const page: ReturnType<typeof listWholeLedger> = listWholeLedger(database, account, before, pageSize)
    for (const row of page.items) yield creditRecord(row)
    before = page.next
  }
}

async function* refunds(database: Readable, { accountId: id }: AccountRow) {
  for (let before = aboveAllIds; ; await otherWork()) {
    const rows = listCasesByTime(database, [id], refundStatuses, undefined, before, pageSize)
    for (const row of rows) yield caseRecord(database, row.caseId, toBareCase(row))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    before = last.caseId
  }
}
