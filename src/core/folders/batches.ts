/** The writes of folders: every step is one transaction with the jobs that follow from it, so a kill leaves whole steps. */

import type { FolderState } from '../../shared/folders.ts'
import type { Agent } from '../../shared/values.ts'
import { caseContext } from '../store/cases.ts'
import { type Changes, noChanges } from '../store/changes.ts'
import { noteDecisionTime } from '../store/due-cases.ts'
import {
  countFiles,
  type FolderRow,
  findFolder,
  folderFormat,
  insertFolder,
  isKnownContent,
  type ReadFile,
  saveCompanion,
  saveFile,
  saveFolderState,
  saveFound,
  saveMissing,
} from '../store/folders.ts'
import type { Writable } from '../store/handles.ts'
import { insertBatch, saveFileCounts } from '../store/imports.ts'
import { applyChanges } from '../store/projections/projection.ts'
import { companionChanges } from './companions.ts'

/** A folder to import: an absolute path, the agent that made its results, and whether to copy the files. */
export interface NewFolder {
  path: string
  agent: Agent
  copied: boolean
}

/** Adds a folder, without files yet, as an import of an account. Returns its id. */
export function addFolder(
  database: Writable,
  accountId: number,
  { path, agent, copied }: NewFolder,
  now: number,
): number {
  const add = database.transaction(() => {
    const batchId = insertBatch(database, {
      accountId,
      source: path,
      format: folderFormat,
      layout: '',
      reading: '',
      importedAt: now,
      rows: 0,
      imported: 0,
      refused: 0,
      showsRefunds: 0,
      coversFrom: null,
      coversTo: null,
    })
    insertFolder(database, { batchId, agent, copied: Number(copied), state: 'scanning' })
    return batchId
  })
  return add.immediate()
}

/** A file that was read, in place of a known one if it has changed. */
export interface FileToSave extends ReadFileWithoutCompanion {
  replaces: { fileId: number; sha256: string | null } | null
}
type ReadFileWithoutCompanion = Omit<ReadFile, 'beside'>

/** Stores files that were read, and their jobs. */
export const saveFiles = (database: Writable, batchId: number, files: readonly FileToSave[], now: number): void =>
  changeFolder(database, batchId, now, (folder, changes) => {
    let added = 0
    const saved = files.map(({ replaces, ...file }) => {
      const sha256 = file.content?.sha256 ?? null
      if (sha256 !== null && !isKnownContent(database, folder.accountId, sha256)) added++
      for (const content of [sha256, replaces?.sha256 ?? null]) if (content !== null) changes.contents.add(content)
      saveFile(database, batchId, { ...file, beside: null }, replaces?.fileId ?? null)
      return file.path
    })
    for (const { fileId, beside, contents } of companionChanges(database, batchId, saved)) {
      saveCompanion(database, fileId, beside)
      for (const content of contents) changes.contents.add(content)
    }
    const counts = countFiles(database, batchId)
    saveFileCounts(database, { batchId, rows: counts.files, refused: counts.skipped, added })
  })

/** Known files that were found again, perhaps under another spelling of their path, and those that were not found. */
export interface Found {
  found: readonly { fileId: number; path: string; sha256: string | null }[]
  missing: readonly { fileId: number; sha256: string | null }[]
}

/** Stores the end of a scan: which known files are there, and the state of the folder. */
export const finishScan = (
  database: Writable,
  batchId: number,
  { found, missing }: Found,
  state: FolderState,
  now: number,
): void =>
  changeFolder(database, batchId, now, (_folder, changes) => {
    for (const { fileId, path } of found) saveFound(database, fileId, path)
    for (const { fileId } of missing) saveMissing(database, fileId, now)
    for (const { sha256 } of [...found, ...missing]) if (sha256 !== null) changes.contents.add(sha256)
    saveFolderState(database, batchId, state, now)
  })

function changeFolder(
  database: Writable,
  batchId: number,
  now: number,
  change: (folder: FolderRow, changes: Changes) => void,
): void {
  const run = database.transaction(() => {
    const folder = findFolder(database, batchId)
    noteDecisionTime(database, folder.accountId, now)
    const changes = noChanges()
    change(folder, changes)
    applyChanges(database, caseContext(database, folder.accountId, now), changes)
  })
  run.immediate()
}
