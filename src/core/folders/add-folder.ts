/** Checks, previews and adds the folders that the user chooses. */
import { AppError } from '../../shared/errors.ts'
import type { SkippedFile } from '../../shared/folders.ts'
import type { Agent } from '../../shared/values.ts'
import { isShrunk, planScan } from '../domain/folder-scan.ts'
import { createImportedAccount, findAccount, showAccount } from '../store/accounts/accounts.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { folderWithPath, isKnownContent, knownFiles } from '../store/imports/folders.ts'
import { addFolder, changeChoice } from './batches.ts'
import { readInWorker } from './file-reader.ts'
import type { ScanReport } from './scan.ts'
import { realFolder, walkFolder } from './walk.ts'

/** A folder with the choices of the user; `account` is an id, or null for a new account. */
export interface FolderChoice {
  path: string
  agent: Agent
  copied: boolean
  account: string | null
}

/**
 * Adds a folder, or changes the choices of a known one, and shows its account. Returns its id; the caller starts the scan. Throws
 * as `realFolder`, `folder_empty` for a new folder without files, and `account_unknown`.
 */
export async function openFolder(
  database: Writable,
  dataDir: string,
  { path, agent, copied, account }: FolderChoice,
  now: number,
): Promise<number> {
  const known = account === null ? null : findAccount(database, account)
  const real = await realFolder(path, dataDir)
  const before = known && folderWithPath(database, known.accountId, real)
  if (!before) {
    const { files, skipped } = await walkFolder(real, dataDir, new AbortController().signal, () => {}, 1)
    if (files.length + skipped.length === 0) throw new AppError('folder_empty', { path })
  }
  const open = database.transaction(() => {
    const accountId = known?.accountId ?? createImportedAccount(database, now)
    const batchId = before?.batchId ?? addFolder(database, accountId, { path: real, agent, copied }, now)
    if (before) changeChoice(database, batchId, { agent, copied }, now)
    showAccount(database, accountId, now)
    return batchId
  })
  return open.immediate()
}

/**
 * Reports what a scan of a folder would find. Reads every new file and writes nothing. `database` is null before the first start.
 * Throws as `openFolder`.
 */
export async function previewFolder(
  database: Readable | null,
  dataDir: string,
  { path, account }: Pick<FolderChoice, 'path' | 'account'>,
  now: number,
): Promise<ScanReport> {
  const { signal } = new AbortController()
  const accountId = database && account !== null ? findAccount(database, account).accountId : null
  const real = await realFolder(path, dataDir)
  const listed = await walkFolder(real, dataDir, signal)
  if (listed.files.length + listed.skipped.length === 0) throw new AppError('folder_empty', { path })
  const folder = database && accountId !== null ? folderWithPath(database, accountId, real) : null
  const known = database && folder ? knownFiles(database, folder.batchId) : []
  const plan = planScan(listed.files, known, listed.unreadable)
  const skipped: SkippedFile[] = [
    ...listed.skipped,
    ...plan.unchanged.flatMap((file) => (file.known.problem ? [{ path: file.path, reason: file.known.problem }] : [])),
  ]
  const contents = new Set<string>()
  const requests = plan.toRead.map(({ file }) => ({ ...file, path: `${real}/${file.path}`, copyTo: null }))
  let index = 0
  for await (const outcome of readInWorker(requests, { now, signal })) {
    const { file } = plan.toRead[index++] as (typeof plan.toRead)[number]
    if ('content' in outcome) contents.add(outcome.content.sha256)
    else if (outcome.problem !== 'no_space') skipped.push({ path: file.path, reason: outcome.problem })
  }
  const present = new Set([...contents, ...plan.unchanged.flatMap((file) => file.known.sha256 ?? [])])
  const shrunk = isShrunk(known, plan.absent, present)
  const isNew = (sha256: string) => !database || accountId === null || !isKnownContent(database, accountId, sha256)
  return {
    files: listed.files.length + listed.skipped.length - skipped.length,
    imported: [...contents].filter(isNew).length,
    skipped,
    missing: shrunk ? 0 : plan.absent.filter(({ sha256 }) => sha256 !== null).length,
    state: shrunk ? 'shrunk' : 'complete',
  }
}
