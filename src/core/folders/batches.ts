/** Writes of folders. Each is one transaction with the jobs that depend on it, so a kill leaves complete steps. */
import type { FolderState } from '../../shared/folders.ts'
import type { Agent } from '../../shared/values.ts'
import { caseContext } from '../store/cases/cases.ts'
import { noteDecisionTime } from '../store/cases/due-cases.ts'
import { type Changes, noChanges } from '../store/changes.ts'
import type { Writable } from '../store/handles.ts'
import {
  contentsOf,
  type FolderRow,
  findFolder,
  folderFormat,
  insertFolder,
  isKnownContent,
  type ReadFile,
  saveChoice,
  saveCompanion,
  saveFile,
  saveFolderState,
  saveFound,
  saveMissing,
} from '../store/imports/folders.ts'
import { addFileCounts, insertBatch, saveUndone } from '../store/imports/imports.ts'
import { decideMatches } from '../store/matching/match-run.ts'
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

/** Changes the agent of a folder and whether its files are copied, and updates its jobs. Redoes an undone folder. */
export const changeChoice = (
  database: Writable,
  batchId: number,
  { agent, copied }: Pick<NewFolder, 'agent' | 'copied'>,
  now: number,
): void =>
  changeFolder(database, batchId, now, (folder, changes) => {
    saveChoice(database, batchId, agent, Number(copied))
    if (folder.undoneAt !== null) saveUndone(database, batchId, null)
    if (folder.undoneAt === null && folder.agent === agent) return
    for (const sha256 of contentsOf(database, batchId)) changes.contents.add(sha256)
  })

/** A file that was read, and the known file that it replaces if it changed. */
export interface FileToSave extends Omit<ReadFile, 'beside'> {
  replaces: { fileId: number; sha256: string | null } | null
}

/** Stores files that were read, and their jobs. Returns the number of new contents. */
export const saveFiles = (database: Writable, batchId: number, files: readonly FileToSave[], now: number): number =>
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
    const countChange = (isResult: boolean) =>
      files.filter(({ content }) => (content !== null) === isResult).length -
      files.filter(({ replaces }) => replaces && (replaces.sha256 !== null) === isResult).length
    addFileCounts(database, { batchId, rows: countChange(true), refused: countChange(false), imported: added })
    return added
  })

/** The known files that a scan found, perhaps under another spelling of their path, and those that it did not find. */
export interface Found {
  found: readonly { fileId: number; path: string; sha256: string | null }[]
  missing: readonly { fileId: number; sha256: string | null }[]
}

/** Stores the end of a scan: present and missing files, the state of the folder, and the claims of matching. */
export function finishScan(
  database: Writable,
  batchId: number,
  { found, missing }: Found,
  state: FolderState,
  now: number,
): void {
  const run = database.transaction(() => {
    changeFolder(database, batchId, now, (_folder, changes) => {
      for (const { fileId, path } of found) saveFound(database, fileId, path)
      for (const { fileId } of missing) saveMissing(database, fileId, now)
      for (const { sha256 } of [...found, ...missing]) if (sha256 !== null) changes.contents.add(sha256)
      saveFolderState(database, batchId, state, now)
    })
    if (state === 'complete') decideMatches(database, findFolder(database, batchId).accountId, now, () => true)
  })
  run.immediate()
}

function changeFolder<T>(
  database: Writable,
  batchId: number,
  now: number,
  change: (folder: FolderRow, changes: Changes) => T,
): T {
  const run = database.transaction(() => {
    const folder = findFolder(database, batchId)
    noteDecisionTime(database, folder.accountId, now)
    const changes = noChanges()
    const result = change(folder, changes)
    applyChanges(database, caseContext(database, folder.accountId, now), changes)
    return result
  })
  return run.immediate()
}
