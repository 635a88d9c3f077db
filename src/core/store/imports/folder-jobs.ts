/**
 * The jobs of folders, derived from `folder_files`: each content of an account is one job with one result, and the subtitles
 * beside it. No service listed them, so their listing epoch is 0 and their results have no address.
 */
import { type MadeEvidence, madeEvidences } from '../../../shared/folders.ts'
import type { Agent } from '../../../shared/values.ts'
import { firstImportedRowId, firstRowId } from '../../domain/ledger.ts'
import type { Readable, Writable } from '../handles.ts'
import { assignments, insertInto, scalar, statement } from '../statement.ts'
import type { FileContent } from './folders.ts'
import { isListedResult } from './listed-files.ts'

/** The id of the job of a content. */
export const folderJobId = (sha256: string): string => `file:${sha256}`

export const isFolderJob = (jobId: string): boolean => jobId.startsWith(folderJobId(''))

/** SQL of the content in the id of a job `j` of a folder. */
export const contentOfJob = `substr(j.id, ${folderJobId('').length + 1})`

interface FolderResult {
  resultId: string
  mimeType: string
  width: number | null
  height: number | null
  durationMs: number | null
  bytes: number
}

/** The values of a folder job that can change, and its results. */
export interface FolderJob {
  agent: Agent
  kind: string
  model: string
  prompt: string
  fileName: string
  createdAt: number
  results: FolderResult[]
}

type SourceFile = FileContent & { path: string; bytes: number; agent: Agent }

const filesOfAccount = `folder_files f JOIN folders d ON d.batch_id = f.batch_id JOIN import_batches b ON b.batch_id = f.batch_id`
const fileValues = `f.sha256, f.path, f.bytes, f.kind, f.mime_type AS mimeType, f.made_at AS madeAt, f.evidence, f.model, f.prompt,
  f.width, f.height, f.duration_ms AS durationMs, d.agent`

/** The files of a content in the folders of an account that count, without subtitles of another file. */
const filesOf = (database: Readable, accountId: number, sha256: string) =>
  statement<[object], SourceFile & { isMissing: number }>(
    database,
    `SELECT ${fileValues}, f.missing_since IS NOT NULL AS isMissing FROM ${filesOfAccount}
     WHERE f.sha256 = @sha256 AND f.beside IS NULL AND b.account_id = @accountId AND b.undone_at IS NULL
     ORDER BY f.batch_id, f.path`,
  ).all({ accountId, sha256 })

/**
 * The job that a content must have in an account. Null if no folder has it, if it is only subtitles of another file, or if a job
 * of the service has it already.
 */
export function wantedJob(database: Readable, accountId: number, sha256: string): FolderJob | null {
  const files = filesOf(database, accountId, sha256)
  const [first] = files
  if (!first || isListedResult(database, accountId, sha256)) return null
  const present = files.find(({ isMissing }) => isMissing === 0) ?? first
  return {
    agent: first.agent,
    kind: first.kind,
    model: first.model ?? '',
    prompt: first.prompt ?? '',
    fileName: present.path.normalize(),
    createdAt: files.toSorted(byEvidence)[0]?.madeAt as number,
    results: [first, ...companionsOf(database, accountId, sha256)].map(toResult),
  }
}

/** The evidence of the time of a folder job; null for another job. */
export const timeEvidenceOf = (database: Readable, accountId: number, jobId: string): MadeEvidence | null =>
  filesOf(database, accountId, jobId.slice(folderJobId('').length)).toSorted(byEvidence)[0]?.evidence ?? null

/** The best evidence first; of equal evidence, the earlier time. */
const byEvidence = (one: SourceFile, other: SourceFile): number =>
  madeEvidences.indexOf(one.evidence) - madeEvidences.indexOf(other.evidence) || one.madeAt - other.madeAt

const companionsSql = `SELECT ${fileValues.replaceAll('f.', 's.')}
  FROM ${filesOfAccount} JOIN folder_files s ON s.beside = f.file_id
  WHERE f.sha256 = @sha256 AND b.account_id = @accountId AND b.undone_at IS NULL AND s.sha256 IS NOT NULL
  GROUP BY s.sha256 ORDER BY min(s.path), s.sha256`

/** The subtitles that belong to the files of a content, each content once. */
const companionsOf = (database: Readable, accountId: number, sha256: string): SourceFile[] =>
  statement<[object], SourceFile>(database, companionsSql).all({ accountId, sha256 })

const toResult = ({ sha256, mimeType, width, height, durationMs, bytes }: SourceFile): FolderResult => ({
  resultId: sha256,
  mimeType,
  width,
  height,
  durationMs,
  bytes,
})

export type StoredFolderJob = FolderJob & { rowId: number }

/** The stored jobs of a content: one, or two if its agent was just changed. */
export function storedJobs(database: Readable, accountId: number, sha256: string): StoredFolderJob[] {
  const rows = statement<[object], Omit<StoredFolderJob, 'results'>>(
    database,
    `SELECT row_id AS rowId, agent, kind, model, prompt, file_name AS fileName, created_at AS createdAt FROM jobs
     WHERE account_id = @accountId AND agent IN ('agent-1', 'agent-2') AND id = @id AND listing_epoch = 0`,
  ).all({ accountId, id: folderJobId(sha256) })
  const results = statement<[number], FolderResult>(
    database,
    `SELECT result_id AS resultId, mime_type AS mimeType, width, height, duration_ms AS durationMs, bytes FROM results
     WHERE job_row_id = ? ORDER BY position`,
  )
  return rows.map((row) => ({ ...row, results: results.all(row.rowId) }))
}

/** Whether a job is stored exactly as it is wanted. */
export const isStoredJob = ({ rowId, ...stored }: StoredFolderJob, wanted: FolderJob): boolean =>
  JSON.stringify({ ...stored, results: stored.results.map(inOrder) }) ===
  JSON.stringify({ ...wanted, results: wanted.results.map(inOrder) })

const inOrder = ({ resultId, mimeType, width, height, durationMs, bytes }: FolderResult) => [
  resultId,
  mimeType,
  width,
  height,
  durationMs,
  bytes,
]

const jobColumns = ['kind', 'model', 'prompt', 'file_name', 'result_count', 'requested_results'] as const
const insertJobSql = insertInto('jobs', [
  'row_id',
  'account_id',
  'agent',
  'id',
  'chat_id',
  'status',
  'created_at',
  'revision',
  'listing_epoch',
  ...jobColumns,
])
const insertResultSql = insertInto('results', [
  'job_row_id',
  'position',
  'result_id',
  'mime_type',
  'width',
  'height',
  'duration_ms',
  'bytes',
  'sha256',
])

/** Writes the jobs of contents within one transaction; `rowIds` receives the row ids of the jobs that changed. */
export function folderJobWriter(database: Writable, accountId: number, rowIds: Set<number>) {
  const allocate = importedRowIds(database)
  return (sha256: string): void => {
    const wanted = wantedJob(database, accountId, sha256)
    let known: StoredFolderJob | null = null
    for (const stored of storedJobs(database, accountId, sha256)) {
      if (wanted && isStoredJob(stored, wanted)) return
      rowIds.add(stored.rowId)
      if (stored.createdAt === wanted?.createdAt && stored.agent === wanted.agent) known = stored
      else removeJob(database, stored.rowId)
    }
    if (!wanted) return
    const rowId = known?.rowId ?? allocate(wanted.createdAt)
    const count = wanted.results.length
    const values = { ...wanted, rowId, resultCount: count, requestedResults: count }
    if (known) {
      statement<[object]>(database, `UPDATE jobs SET ${assignments(jobColumns)} WHERE row_id = @rowId`).run(values)
      removeResults(database, rowId)
    } else {
      const fixed = {
        accountId,
        id: folderJobId(sha256),
        chatId: '',
        status: 'succeeded',
        revision: 0,
        listingEpoch: 0,
      }
      statement<[object]>(database, insertJobSql).run({ ...values, ...fixed })
    }
    const insert = statement<[object]>(database, insertResultSql)
    for (const [position, result] of wanted.results.entries()) {
      insert.run({ ...result, jobRowId: rowId, position, sha256: result.resultId })
    }
    rowIds.add(rowId)
  }
}

export function removeJob(database: Writable, rowId: number): void {
  removeResults(database, rowId)
  statement<[number]>(database, 'DELETE FROM jobs WHERE row_id = ?').run(rowId)
}

const removeResults = (database: Writable, rowId: number) =>
  statement<[number]>(database, 'DELETE FROM results WHERE job_row_id = ?').run(rowId)

/** The most such jobs of one second: with each new job, the search index writes all jobs of its second again. */
const secondJobs = 1_000

/**
 * Allocates row ids in the half of each millisecond that imports own, so that they do not change the row ids of the service's
 * jobs. If a second is full, the next one is used; full seconds are remembered, because many files may have one time.
 */
export function importedRowIds(database: Readable): (time: number) => number {
  const full = new Map<number, number>()
  const isFull = scalar<[number, number], number>(
    database,
    `SELECT 1 FROM jobs WHERE row_id >= ? AND row_id < ? LIMIT 1 OFFSET ${secondJobs - 1}`,
  )
  const last = scalar<[number, number], number | null>(
    database,
    'SELECT max(row_id) FROM jobs WHERE row_id >= ? AND row_id < ?',
  )
  return (time) => {
    const first = startOfSecond(time)
    for (let second = full.get(first) ?? first; ; second += 1_000) {
      full.set(first, second)
      if (isFull.get(firstRowId(second), firstRowId(second + 1_000)) !== undefined) continue
      for (let millisecond = Math.max(second, time); millisecond < second + 1_000; millisecond++) {
        const from = firstImportedRowId(millisecond)
        const end = firstRowId(millisecond + 1)
        const taken = (last.get(from, end) as number | null) ?? from - 1
        if (taken + 1 < end) return taken + 1
      }
    }
  }
}

const startOfSecond = (time: number): number => Math.floor(time / 1_000) * 1_000

/** The contents that have, or should have, a job in an account. */
export const contentsWithJobs = (database: Readable, accountId: number): string[] =>
  scalar<[object], string>(
    database,
    `SELECT f.sha256 FROM ${filesOfAccount}
     WHERE b.account_id = @accountId AND b.undone_at IS NULL AND f.sha256 IS NOT NULL AND f.beside IS NULL
     UNION SELECT ${contentOfJob} FROM jobs j WHERE j.account_id = @accountId AND j.listing_epoch = 0`,
  ).all({ accountId })
