/** Reads the records of an export page by page, so that memory is bounded and other work runs in between. */
import { setImmediate as otherWork } from 'node:timers/promises'
import { refundStatuses } from '../../shared/values.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import { listCasesByTime, toBareCase } from '../store/cases/case-queries.ts'
import { listMarks } from '../store/cases/marks.ts'
import { listSupportCases } from '../store/cases/support.ts'
import type { Readable } from '../store/handles.ts'
import { listJobs } from '../store/jobs/job-queries.ts'
import { wholeJobs } from '../store/jobs/whole-jobs.ts'
import { listWholeLedger } from '../store/ledger/ledger-queries.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { caseRecord, creditRecord, exportedJob, type jobRecord, markRecord, supportRecord } from './records.ts'

/** Short pages leave no garbage that lives long: with 500, an export holds 30 MB more. */
const pageSize = 100

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

type PageReader<T extends RecordType> = (
  database: Readable,
  account: AccountRow,
) => Generator<readonly ExportedRecords[T][]>

const readers: { [T in RecordType]: PageReader<T> } = {
  jobs,
  credits,
  refunds,
  *marks(database, { accountId }) {
    yield listMarks(database, accountId).map(markRecord)
  },
  *support(database, { accountId }) {
    yield listSupportCases(database, accountId).map(supportRecord)
  },
}

/** The records of a type of an account, newest first, as pages. A page of jobs, credits or refunds has at most `pageSize`. */
export async function* readRecords<T extends RecordType>(
  database: Readable,
  account: AccountRow,
  type: T,
): AsyncGenerator<readonly ExportedRecords[T][]> {
  for (const page of readers[type](database, account)) {
    yield page
    await otherWork()
  }
}

function* jobs(database: Readable, { accountId: id }: AccountRow) {
  for (let before: number | null = aboveAllIds; before !== null; ) {
    const page = listJobs(database, [id], {}, before, pageSize)
    const whole = wholeJobs(
      database,
      page.rows.map(({ rowId }) => rowId),
    )
    yield page.rows.map((row) => exportedJob(row, whole.get(row.rowId)))
    before = page.next
  }
}

function* credits(database: Readable, account: AccountRow) {
  for (let before: number | null = aboveAllIds; before !== null; ) {
    const page: ReturnType<typeof listWholeLedger> = listWholeLedger(database, account, before, pageSize)
    yield page.items.map(creditRecord)
    before = page.next
  }
}

function* refunds(database: Readable, { accountId: id }: AccountRow) {
  for (let before = aboveAllIds; ; ) {
    const rows = listCasesByTime(database, [id], refundStatuses, undefined, before, pageSize)
    yield rows.map((row) => caseRecord(database, row.caseId, toBareCase(row)))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    before = last.caseId
  }
}
