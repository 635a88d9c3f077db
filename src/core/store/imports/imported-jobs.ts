/**
 * The jobs of imported exports, derived from `import_jobs`: each job of an account that its service has not listed. Of several
 * imports with a job, the highest revision counts. Their results have no address: only a service says where its files are.
 */
import type { Agent } from '../../../shared/values.ts'
import { jobCaseName, parseCaseName } from '../../domain/ledger.ts'
import type { Job, JobResult } from '../../service/schemas.ts'
import { parseStored } from '../file/errors.ts'
import type { Readable, Writable } from '../handles.ts'
import { statedColumns } from '../jobs/jobs.ts'
import { importedEpoch, isFromService } from '../schema/views.ts'
import { parametersOf, rowInserter, scalar, statement } from '../statement.ts'
import { importedRowIds, removeJob } from './folder-jobs.ts'

/** A job as an export describes it; times in epoch ms. */
export interface ImportedJob extends Omit<Job, 'results'> {
  removedAt: number | null
  results: Omit<JobResult, 'url' | 'thumbnailUrl'>[]
}

/** The job in the name of a case; null for the name of a charge. */
export function jobOfName(name: string): { agent: Agent; jobId: string } | null {
  const parsed = parseCaseName(name)
  return parsed && 'job' in parsed ? parsed.job : null
}

/** Stores the jobs of an import. */
export function saveImportedJobs(database: Writable, batchId: number, jobs: readonly ImportedJob[]): void {
  const insert = rowInserter(database, 'import_jobs', ['batch_id', 'agent', 'id', 'record'])
  for (const { agent, id, ...job } of jobs) insert({ batchId, agent, id, record: JSON.stringify(job) })
}

/** The case names of the jobs of an import, in the order of the export. */
export const jobNamesOf = (database: Readable, batchId: number): string[] =>
  statement<[number], { agent: Agent; id: string }>(
    database,
    'SELECT agent, id FROM import_jobs WHERE batch_id = ? ORDER BY import_job_id',
  )
    .all(batchId)
    .map(({ agent, id }) => jobCaseName(agent, id))

/** How many of these jobs an account has. */
export function countKnownJobs(database: Readable, accountId: number, jobs: readonly ImportedJob[]): number {
  const known = scalar<[object], number>(
    database,
    'SELECT 1 FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @id',
  )
  return jobs.filter(({ agent, id }) => known.get({ accountId, agent, id }) !== undefined).length
}

/** The job that an account must have because imports have it. Null if none has it, or if the service listed it. */
export function wantedImport(database: Readable, accountId: number, agent: Agent, id: string): ImportedJob | null {
  const record = scalar<[object], string>(
    database,
    `SELECT i.record FROM import_jobs i CROSS JOIN import_batches b ON b.batch_id = i.batch_id
     WHERE i.id = @id AND i.agent = @agent AND b.account_id = @accountId AND b.undone_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @id AND ${isFromService})
     ORDER BY json_extract(i.record, '$.revision') DESC, i.batch_id DESC LIMIT 1`,
  ).get({ accountId, agent, id })
  return record === undefined
    ? null
    : { agent, id, ...parseStored<Omit<ImportedJob, 'agent' | 'id'>>(record, isRecord) }
}

const isRecord = (job: Omit<ImportedJob, 'agent' | 'id'>): boolean =>
  Array.isArray(job.results) && Number.isSafeInteger(job.createdAt) && Number.isSafeInteger(job.revision)

const jobValues = ({ failure, results, ...job }: ImportedJob) => ({
  ...job,
  failureCode: failure?.code ?? null,
  failureOrigin: failure?.origin ?? null,
  failureMessage: failure?.message ?? null,
  resultCount: results.length,
})

const resultColumns = ['result_id', 'mime_type', 'width', 'height', 'duration_ms', 'bytes', 'sha256'] as const

const resultRow = ({ id, mimeType, width, height, durationMs, bytes, sha256 }: ImportedJob['results'][number]) => [
  id,
  mimeType,
  width,
  height,
  durationMs,
  bytes,
  sha256,
]

/** The row id of the stored job that only imported exports know; null if there is none. */
export const storedImport = (database: Readable, accountId: number, agent: Agent, id: string): number | null =>
  scalar<[object], number>(
    database,
    'SELECT row_id FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @id AND listing_epoch < 0',
  ).get({ accountId, agent, id }) ?? null

/** Whether a stored job is exactly as it is wanted. */
export function isStoredImport(database: Readable, rowId: number, wanted: ImportedJob): boolean {
  const isSame = scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM jobs WHERE row_id = @rowId AND (${statedColumns.join(', ')}) IS (${parametersOf(statedColumns)}))`,
  )
  const results = scalar<[number], string>(
    database,
    `SELECT json_array(${resultColumns.join(', ')}) FROM results WHERE job_row_id = ? AND url IS NULL ORDER BY position`,
  ).all(rowId)
  return (
    isSame.get({ ...jobValues(wanted), rowId }) === 1 &&
    results.join() === wanted.results.map((result) => JSON.stringify(resultRow(result))).join()
  )
}

/** Writes the jobs of case names within one transaction; `rowIds` receives the row ids of the jobs that changed. */
export function importedJobWriter(database: Writable, accountId: number, rowIds: Set<number>) {
  const allocate = importedRowIds(database)
  const insertJob = rowInserter(database, 'jobs', [
    'row_id',
    'account_id',
    'agent',
    'id',
    'listing_epoch',
    ...statedColumns,
  ])
  const insertResult = rowInserter(database, 'results', ['job_row_id', 'position', ...resultColumns])
  return (name: string): void => {
    const job = jobOfName(name)
    if (!job) return
    const wanted = wantedImport(database, accountId, job.agent, job.jobId)
    const stored = storedImport(database, accountId, job.agent, job.jobId)
    if (stored !== null) {
      if (wanted && isStoredImport(database, stored, wanted)) return
      rowIds.add(stored)
      removeJob(database, stored)
    }
    if (!wanted) return
    const rowId = allocate(wanted.createdAt)
    rowIds.add(rowId)
    insertJob({ ...jobValues(wanted), rowId, accountId, listingEpoch: importedEpoch })
    for (const [position, result] of wanted.results.entries()) {
      insertResult({ ...result, jobRowId: rowId, position, resultId: result.id })
    }
  }
}

/** The case names of the jobs that an account has, or should have, because of imports. */
export const namesOfImportedJobs = (database: Readable, accountId: number): string[] =>
  statement<[object], { agent: Agent; id: string }>(
    database,
    `SELECT i.agent, i.id FROM import_batches b JOIN import_jobs i ON i.batch_id = b.batch_id WHERE b.account_id = @accountId
     UNION SELECT agent, id FROM jobs WHERE account_id = @accountId AND listing_epoch < 0`,
  )
    .all({ accountId })
    .map(({ agent, id }) => jobCaseName(agent, id))
