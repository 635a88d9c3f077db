/** The tables of folders of results: `folders` and `folder_files`. A folder is an import of the format `folder`. */

import { AppError } from '../../../shared/errors.ts'
import type { FolderFileProblem, FolderKind, FolderState, MadeEvidence, SkippedFile } from '../../../shared/folders.ts'
import type { Agent } from '../../../shared/values.ts'
import { stemOf } from '../../domain/folder-scan.ts'
import type { Readable, Writable } from '../handles.ts'
import { assignments, insertInto, scalar, statement } from '../statement.ts'

/** The format of the imports that are folders. */
export const folderFormat = 'folder'

/** A folder with the account and the path of its import; `copied` is 1 if its files are copied into the data folder. */
export interface FolderRow {
  batchId: number
  accountId: number
  path: string
  agent: Agent
  copied: number
  state: FolderState
  scannedAt: number | null
  undoneAt: number | null
  /** The number of results and of other files, including missing ones. */
  files: number
  skipped: number
}

/** The properties of a file that depend on its content; times in epoch ms, durations in ms. */
export interface FileContent {
  sha256: string
  kind: FolderKind
  mimeType: string
  madeAt: number
  evidence: MadeEvidence
  model: string | null
  prompt: string | null
  width: number | null
  height: number | null
  durationMs: number | null
}

/** A file of a folder: its path below the folder as the disk spells it, and the size and time that show a change. */
export interface FileEntry {
  path: string
  bytes: number
  modifiedAt: number
}

/** A stored file, with its content or the reason why it is no result. */
export interface FolderFile extends FileEntry {
  fileId: number
  sha256: string | null
  problem: FolderFileProblem | null
  missingSince: number | null
}

const folderColumns = `d.batch_id AS batchId, b.account_id AS accountId, b.source AS path, d.agent, d.copied, d.state,
  d.scanned_at AS scannedAt, b.undone_at AS undoneAt, b.rows AS files, b.refused AS skipped`
const foldersWithImports = 'folders d JOIN import_batches b ON b.batch_id = d.batch_id'

/** One folder. Throws `import_unknown`. */
export function findFolder(database: Readable, batchId: number): FolderRow {
  const sql = `SELECT ${folderColumns} FROM ${foldersWithImports} WHERE d.batch_id = ?`
  const folder = statement<[number], FolderRow>(database, sql).get(batchId)
  if (!folder) throw new AppError('import_unknown', { id: batchId })
  return folder
}

/** The folders of all accounts, oldest first. */
export const listFolders = (database: Readable): FolderRow[] =>
  statement<[], FolderRow>(database, `SELECT ${folderColumns} FROM ${foldersWithImports} ORDER BY d.batch_id`).all()

/**
 * Creates the index that finds results by the names of files. It takes 47 bytes per result, so only databases with folders
 * have it.
 */
export function indexResultsById(database: Writable): void {
  database.exec('CREATE INDEX IF NOT EXISTS results_by_id ON results (result_id) WHERE url IS NOT NULL')
}

/** Stores a folder whose import is stored already. */
export function insertFolder(
  database: Writable,
  folder: Pick<FolderRow, 'batchId' | 'agent' | 'copied' | 'state'>,
): void {
  indexResultsById(database)
  statement<[object]>(database, insertInto('folders', ['batch_id', 'agent', 'copied', 'state'])).run(folder)
}

/** The folders of an account, newest first. */
export const foldersOf = (database: Readable, accountId: number): FolderRow[] =>
  statement<[number], FolderRow>(
    database,
    `SELECT ${folderColumns} FROM ${foldersWithImports} WHERE b.account_id = ? ORDER BY b.batch_id DESC`,
  ).all(accountId)

/** The folder of an account with this path, undone or not; null if it is new. */
export const folderWithPath = (database: Readable, accountId: number, path: string): FolderRow | null =>
  statement<[object], FolderRow>(
    database,
    `SELECT ${folderColumns} FROM ${foldersWithImports} WHERE b.account_id = @accountId AND b.source = @path`,
  ).get({ accountId, path }) ?? null

/** Stores the user's choices for a folder; `copied` is 1 if its files are copied into the data folder. */
export function saveChoice(database: Writable, batchId: number, agent: Agent, copied: number): void {
  statement<[object]>(database, 'UPDATE folders SET agent = @agent, copied = @copied WHERE batch_id = @batchId').run({
    batchId,
    agent,
    copied,
  })
}

/** Stores the state of a folder, and when it was scanned to its end if it was. */
export function saveFolderState(
  database: Writable,
  batchId: number,
  state: FolderState,
  scannedAt: number | null = null,
): void {
  statement<[object]>(
    database,
    'UPDATE folders SET state = @state, scanned_at = coalesce(@scannedAt, scanned_at) WHERE batch_id = @batchId',
  ).run({ batchId, state, scannedAt })
}

const fileColumns = `file_id AS fileId, path, bytes, modified_at AS modifiedAt, sha256, problem,
  missing_since AS missingSince`

/** The known files of a folder by their paths. */
export const knownFiles = (database: Readable, batchId: number): FolderFile[] =>
  statement<[number], FolderFile>(
    database,
    `SELECT ${fileColumns} FROM folder_files WHERE batch_id = ? ORDER BY path`,
  ).all(batchId)

const contentColumns = [
  'bytes',
  'modified_at',
  'problem',
  'sha256',
  'kind',
  'mime_type',
  'made_at',
  'evidence',
  'model',
  'prompt',
  'width',
  'height',
  'duration_ms',
  'beside',
] as const

/** A file that was read, with the file to which it belongs if it holds subtitles. */
export interface ReadFile extends FileEntry {
  content: FileContent | null
  problem: FolderFileProblem | null
  beside: number | null
}

const noContent = {
  sha256: null,
  kind: null,
  mimeType: null,
  madeAt: null,
  evidence: null,
  model: null,
  prompt: null,
  width: null,
  height: null,
  durationMs: null,
}

const insertFileSql = insertInto('folder_files', ['batch_id', 'path', 'stem', ...contentColumns])
const updateFileSql = `UPDATE folder_files SET path = @path, stem = @stem, ${assignments(contentColumns)}, missing_since = NULL
  WHERE file_id = @fileId`

/** Stores a file that was read, in place of the known file `fileId` if it has changed. Returns its id. */
export function saveFile(database: Writable, batchId: number, file: ReadFile, fileId: number | null): number {
  const { content, ...rest } = file
  const values = { ...rest, ...(content ?? noContent), stem: stemOf(file.path), batchId, fileId }
  if (fileId === null) return Number(statement<[object]>(database, insertFileSql).run(values).lastInsertRowid)
  statement<[object]>(database, updateFileSql).run(values)
  return fileId
}

/** Stores that a known file is there again, under this spelling of its path. */
export function saveFound(database: Writable, fileId: number, path: string): void {
  statement<[object]>(
    database,
    'UPDATE folder_files SET path = @path, missing_since = NULL WHERE file_id = @fileId',
  ).run({ fileId, path })
}

/** Marks a known file as missing since `now`; it stays known. */
export function saveMissing(database: Writable, fileId: number, now: number): void {
  statement<[object]>(
    database,
    'UPDATE folder_files SET missing_since = coalesce(missing_since, @now) WHERE file_id = @fileId',
  ).run({ fileId, now })
}

/** Stores the recording to which subtitles belong; null if they belong to none. */
export function saveCompanion(database: Writable, fileId: number, beside: number | null): void {
  statement<[object]>(database, 'UPDATE folder_files SET beside = @beside WHERE file_id = @fileId').run({
    fileId,
    beside,
  })
}

/** A recording or subtitles, by their path. */
export interface NamedFile {
  fileId: number
  path: string
  kind: FolderKind
  sha256: string
  beside: number | null
}

/** The recordings and subtitles of a folder whose path is `stem` with any extension, in either form of Unicode. */
export const filesNamedLike = (database: Readable, batchId: number, stem: string): NamedFile[] =>
  [...new Set([stem, stem.normalize('NFC'), stem.normalize('NFD')])].flatMap((name) =>
    statement<[object], NamedFile>(
      database,
      `SELECT file_id AS fileId, path, kind, sha256, beside FROM folder_files
       WHERE batch_id = @batchId AND path >= @from AND path < @below AND kind IN ('video', 'audio', 'subtitle')
       ORDER BY path`,
      // The character after the dot is the slash, so this range has every extension.
    ).all({ batchId, from: `${name}.`, below: `${name}/` }),
  )

/** The files of a folder that are no results, all or at most `limit`. */
export const skippedFiles = (database: Readable, batchId: number, limit = -1): SkippedFile[] =>
  statement<[number, number], SkippedFile>(
    database,
    `SELECT path, problem AS reason FROM folder_files
     WHERE batch_id = ? AND problem IS NOT NULL AND missing_since IS NULL ORDER BY path LIMIT ?`,
  ).all(batchId, limit)

/** The number of results of a folder that are present. */
export const countPresent = (database: Readable, batchId: number): number =>
  scalar<[number], number>(
    database,
    'SELECT count(*) FROM folder_files WHERE batch_id = ? AND missing_since IS NULL AND sha256 IS NOT NULL',
  ).get(batchId) ?? 0

/** The number of results of a folder that are missing. */
export const countMissing = (database: Readable, batchId: number): number =>
  scalar<[number], number>(
    database,
    'SELECT count(*) FROM folder_files WHERE batch_id = ? AND missing_since IS NOT NULL AND sha256 IS NOT NULL',
  ).get(batchId) ?? 0

/** The contents of a folder. */
export const contentsOf = (database: Readable, batchId: number): string[] =>
  scalar<[number], string>(
    database,
    'SELECT DISTINCT sha256 FROM folder_files WHERE batch_id = ? AND sha256 IS NOT NULL ORDER BY file_id',
  ).all(batchId)

/** Whether a folder of an account that is not undone has a file with this content. */
export const isKnownContent = (database: Readable, accountId: number, sha256: string): boolean =>
  scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM folder_files f JOIN import_batches b ON b.batch_id = f.batch_id
       WHERE f.sha256 = @sha256 AND b.account_id = @accountId AND b.undone_at IS NULL)`,
  ).get({ accountId, sha256 }) === 1

/** The path of a file on the disk. `copied` is 1 if the data folder may have a copy. */
export interface FileLocation extends FileEntry {
  folder: string
  copied: number
}

/** The files with this content in the folders of an account that are not undone, present ones first; at most 20. */
export const locationsOf = (database: Readable, accountId: number, sha256: string): FileLocation[] =>
  statement<[object], FileLocation>(
    database,
    `SELECT b.source AS folder, d.copied, f.path, f.bytes, f.modified_at AS modifiedAt
     FROM folder_files f JOIN folders d ON d.batch_id = f.batch_id JOIN import_batches b ON b.batch_id = f.batch_id
     WHERE f.sha256 = @sha256 AND b.account_id = @accountId AND b.undone_at IS NULL
     ORDER BY f.missing_since IS NOT NULL, f.file_id LIMIT 20`,
  ).all({ accountId, sha256 })
