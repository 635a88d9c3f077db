/** One scan of a folder: lists it, reads new and changed files, and stores them in steps, so that a kill loses only the last. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { FolderState, ScanProgress, SkippedFile } from '../../shared/folders.ts'
import { isShrunk, planScan } from '../domain/folder-scan.ts'
import { copiesFolder, keptContent, requireSpace } from '../media/folders.ts'
import { moveFinished } from '../media/original-files.ts'
import type { Writable } from '../store/handles.ts'
import type { FileEntry, FolderFile } from '../store/imports/folders.ts'
import {
  countMissing,
  countPresent,
  type FolderRow,
  findFolder,
  knownFiles,
  saveFolderState,
  skippedFiles,
} from '../store/imports/folders.ts'
import { type FileToSave, type Found, finishScan, saveFiles } from './batches.ts'
import { readInWorker } from './file-reader.ts'
import type { ReadOutcome, ReadRequest } from './read/read.ts'
import { walkFolder } from './walk.ts'

/** Files per transaction. */
const stepFiles = 100
/** Before each this many files, the space for their copies is checked. */
const spaceFiles = 1_000

export interface ScanOptions {
  database: Writable
  dataDir: string
  batchId: number
  /** Whether the user confirmed that missing files are gone, even if they are many. */
  isGoneAccepted: boolean
  now: () => number
  signal: AbortSignal
  onProgress?: (progress: ScanProgress) => void
  /** Reads files; in a thread unless a test replaces it. */
  read?: typeof readInWorker
}

export interface ScanReport {
  /** Files that are results. */
  files: number
  /** New contents: jobs that the scan added. */
  imported: number
  skipped: SkippedFile[]
  /** Known files that were not found. */
  missing: number
  state: FolderState
}

/**
 * Scans a folder. Throws as `walkFolder` if it cannot be read, `disk_full` if a copy cannot be written, and the signal's reason.
 * Files that were stored before stay.
 */
export async function scanFolder(options: ScanOptions): Promise<ScanReport> {
  const { database, batchId, now } = options
  const { imported, skipped, state, ...end } = await readFolder(options)
  finishScan(database, batchId, end, state, now())
  return {
    files: countPresent(database, batchId),
    skipped: [...skipped, ...skippedFiles(database, batchId)],
    missing: countMissing(database, batchId),
    imported,
    state,
  }
}

/** Lists a folder and stores new and changed files. A function of its own, so that its memory is free before `finishScan`. */
async function readFolder(options: ScanOptions): Promise<Found & Pick<ScanReport, 'imported' | 'skipped' | 'state'>> {
  const { database, dataDir, batchId, isGoneAccepted, now, signal, onProgress = () => {} } = options
  const folder = findFolder(database, batchId)
  const progress: ScanProgress = { listed: 0, read: 0, total: 0, imported: 0 }
  const listed = await listFiles(options, folder, (files) => onProgress(Object.assign(progress, { listed: files })))
  const known = knownFiles(database, batchId)
  const plan = planScan(listed.files, known, listed.unreadable)
  const [kept, uncopied] = folder.copied === 1 ? await splitByCopies(dataDir, plan.unchanged) : [plan.unchanged, []]
  const toRead = [
    ...plan.toRead,
    ...uncopied.map(({ path, known: file }) => ({ file: { ...file, path }, known: file })),
  ]
  saveFolderState(database, batchId, 'scanning')
  onProgress(Object.assign(progress, { listed: listed.files.length, total: toRead.length }))

  const absent = new Set(plan.absent.map(({ sha256 }) => sha256))
  const moved = new Set(plan.unchanged.flatMap(({ known: { sha256 } }) => (absent.has(sha256) ? (sha256 ?? []) : [])))
  for await (const files of readSteps(folder, toRead, options)) {
    progress.imported += saveFiles(database, batchId, files, now())
    for (const { content } of files) if (content && absent.has(content.sha256)) moved.add(content.sha256)
    progress.read += files.length
    onProgress(progress)
  }
  signal.throwIfAborted()
  const shrunk = !isGoneAccepted && isShrunk(known, plan.absent, moved)
  const found = kept.filter(({ path, known: file }) => file.missingSince !== null || file.path !== path)
  return {
    found: found.map(({ path, known: { fileId, sha256 } }) => ({ fileId, sha256, path })),
    missing: shrunk ? [] : plan.absent.filter(({ missingSince }) => missingSince === null),
    imported: progress.imported,
    skipped: listed.skipped,
    state: shrunk ? 'shrunk' : 'complete',
  }
}

/** Lists the folder. An unreadable folder becomes `away`, and its files stay as they are. */
async function listFiles(
  { database, dataDir, batchId, signal }: ScanOptions,
  { path }: FolderRow,
  onFound: (files: number) => void,
) {
  try {
    return await walkFolder(path, dataDir, signal, onFound)
  } catch (error) {
    if (error instanceof AppError) saveFolderState(database, batchId, 'away')
    throw error
  }
}

type Unchanged = { path: string; known: FolderFile }

/** The unchanged files with a copy, and those without one. */
async function splitByCopies(dataDir: string, files: readonly Unchanged[]): Promise<[Unchanged[], Unchanged[]]> {
  const hasCopy = ({ known: { sha256 } }: Unchanged) => sha256 === null || existsSync(keptContent(dataDir, sha256))
  return [files.filter(hasCopy), files.filter((file) => !hasCopy(file))]
}

interface ToRead {
  file: FileEntry
  known: FolderFile | null
}

/** Reads files in order, in steps that are stored together. Leaves no partial copy behind. */
async function* readSteps(
  folder: FolderRow,
  toRead: readonly ToRead[],
  { dataDir, now, signal, read = readInWorker }: ScanOptions,
): AsyncGenerator<FileToSave[]> {
  const copies = copiesFolder(dataDir)
  if (folder.copied === 1) await mkdir(copies, { recursive: true })
  function* requests(): Generator<ReadRequest> {
    for (const { file } of toRead) {
      const copyTo = folder.copied === 1 ? join(copies, randomUUID()) : null
      if (copyTo !== null) copyPaths.push(copyTo)
      yield { ...file, path: join(folder.path, file.path), copyTo }
    }
  }
  const copyPaths: string[] = []
  try {
    let step: FileToSave[] = []
    let index = 0
    if (folder.copied === 1) await requireSpaceFor(copies, toRead, 0)
    for await (const outcome of read(requests(), { now: now(), signal })) {
      const { file, known } = toRead[index] as ToRead
      await keepCopy(dataDir, copyPaths.shift() ?? null, outcome)
      step.push(toSave(file, known, outcome, dataDir))
      index++
      if (folder.copied === 1 && index % spaceFiles === 0) await requireSpaceFor(copies, toRead, index)
      if (step.length < stepFiles) continue
      yield step
      step = []
    }
    if (step.length > 0) yield step
  } finally {
    if (folder.copied === 1) await rm(copies, { recursive: true, force: true })
  }
}

/** Throws `disk_full` unless there is space for the copies of the next files. */
const requireSpaceFor = (copies: string, toRead: readonly ToRead[], from: number): Promise<void> =>
  requireSpace(
    copies,
    toRead.slice(from, from + spaceFiles).reduce((sum, { file }) => sum + file.bytes, 0),
  )

function toSave(
  { path, bytes, modifiedAt }: FileEntry,
  replaces: FolderFile | null,
  outcome: ReadOutcome,
  dataDir: string,
): FileToSave {
  if ('content' in outcome) return { path, bytes, modifiedAt, replaces, content: outcome.content, problem: null }
  if (outcome.problem === 'no_space') throw new AppError('disk_full', { path: dataDir })
  return { path, bytes, modifiedAt, replaces, content: null, problem: outcome.problem }
}

/** Moves the copy of a result to its name; the copy of anything else is removed. */
async function keepCopy(dataDir: string, copyTo: string | null, outcome: ReadOutcome): Promise<void> {
  if (copyTo === null) return
  const path = 'content' in outcome ? keptContent(dataDir, outcome.content.sha256) : null
  if (path === null || existsSync(path)) await rm(copyTo, { force: true })
  else await moveFinished(copyTo, path)
}
