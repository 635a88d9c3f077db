/** Deletes all data of some accounts from the data folder, and then searches the folder for traces of them. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { DeletionPlan } from '../../shared/views.ts'
import { cacheFolder, keptContent, keptFile, mediaName, ownerOf, partialFile } from '../media/folders.ts'
import { isImported } from '../store/accounts/accounts.ts'
import { joinedTo } from '../store/accounts/joined-accounts.ts'
import { readBackup } from '../store/file/backup.ts'
import { backupsIn, deletionFile } from '../store/file/data-folder.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { rebuildAll } from '../store/projections/projection.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { scalar, statement } from '../store/statement.ts'
import { countAccountRows, deleteAccountRows } from './account-rows.ts'

/** What `deletionFile` holds. */
const Marker = z.object({
  accounts: z.array(z.object({ id: z.string(), signInMethod: z.string() })),
  keepsBackups: z.boolean(),
  /** Texts of the accounts that must not be found in any file afterwards. */
  traces: z.array(z.string()),
})
type Marker = z.infer<typeof Marker>

/** Texts that are searched for. Shorter ones, such as a word, may be in a file by chance. */
const maxTraces = 500
const minIdLength = 8
const minTextBytes = 16
const chunkBytes = 4 * 1024 * 1024

/** The number of records and files that the deletion of an account removes. */
export function deletionPlan(database: Readable, account: AccountRow, dataDir: string): DeletionPlan {
  const rows = countAccountRows(database, account.accountId)
  return {
    account: account.id,
    jobs: rows.jobs ?? 0,
    transactions: rows.credit_transactions ?? 0,
    imports: rows.import_batches ?? 0,
    marks: rows.marks ?? 0,
    messages: rows.support_cases ?? 0,
    originals: rows.kept_originals ?? 0,
    copies: ownCopies(database, account.accountId).length,
    backups: backupsOf(dataDir, account).map((path) => basename(path)),
  }
}

/**
 * Deletes accounts. No other connection may have an open transaction. Throws `deletion_incomplete` if a trace of them is left,
 * `data_folder_not_writable` or `disk_full`; the next start then completes the deletion.
 */
export function deleteAccounts(
  database: Writable,
  accounts: readonly AccountRow[],
  { dataDir, keepsBackups, now }: { dataDir: string; keepsBackups: boolean; now: number },
): void {
  // Joined accounts of imports are deleted with their account.
  const all = accounts.flatMap((account) => [...joinedTo(database, account.accountId), account])
  const marker: Marker = {
    accounts: all.map(({ id, signInMethod }) => ({ id, signInMethod })),
    keepsBackups,
    traces: tracesOf(database, all),
  }
  try {
    writeFileSync(deletionFile(dataDir), JSON.stringify(marker), { mode: 0o600, flush: true })
  } catch (error) {
    throw explainStoreError(error, dataDir)
  }
  completeDeletion(database, dataDir, now)
}

/** Completes a deletion that a kill or an error interrupted; does nothing if there is none. Throws as `deleteAccounts` does. */
export function completeDeletion(database: Writable, dataDir: string, now: number): void {
  const marker = readMarker(dataDir)
  if (!marker) return
  const find = statement<[string, string], AccountRow>(
    database,
    'SELECT * FROM v_accounts WHERE id = ? AND signInMethod = ?',
  )
  try {
    for (const { id, signInMethod } of marker.accounts) {
      const account = find.get(id, signInMethod)
      if (!account) continue
      if (!marker.keepsBackups) for (const path of backupsOf(dataDir, account)) removeDatabase(path)
      removeFiles(database, account, dataDir)
      // The files must be deleted first, because their names depend on the rows.
      deleteAccountRows(database, account.accountId)
    }
    rebuildAll(database, now)
    database.exec('VACUUM')
    database.pragma('wal_checkpoint(TRUNCATE)')
    const left = fileWithTrace(database, dataDir, marker)
    if (left !== null) throw new AppError('deletion_incomplete', { path: left })
    rmSync(deletionFile(dataDir))
  } catch (error) {
    throw explainStoreError(error, dataDir)
  }
}

function readMarker(dataDir: string): Marker | null {
  if (!statSync(deletionFile(dataDir), { throwIfNoEntry: false })?.isFile()) return null
  try {
    return Marker.parse(JSON.parse(readFileSync(deletionFile(dataDir), 'utf8')))
  } catch {
    // A kill interrupted the writing of the marker, so nothing has been deleted yet.
    rmSync(deletionFile(dataDir))
    return null
  }
}

/** Names of damaged databases that a recovery moved aside, without those of their logs. */
const movedAside = /^carat\.db\.damaged-\w+(-\d+)?$/

/** The backups and moved databases that have the account. Unreadable ones are included, because they may have it. */
function backupsOf(dataDir: string, { id, signInMethod }: AccountRow): string[] {
  const has = (backup: Readable) =>
    backup.prepare('SELECT 1 FROM accounts WHERE id = ? AND sign_in_method = ?').get(id, signInMethod) !== undefined
  const aside = readdirSync(dataDir).filter((name) => movedAside.test(name))
  return [...backupsIn(dataDir), ...aside.map((name) => join(dataDir, name))].filter((path) => {
    try {
      return readBackup(path, has)
    } catch {
      return true
    }
  })
}

function removeDatabase(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { recursive: true, force: true })
}

/** The history of the embedded service. Only the sample account has records of it. */
const sandboxFolder = (dataDir: string): string => join(dataDir, 'sandbox')

function removeFiles(database: Readable, account: AccountRow, dataDir: string): void {
  rmSync(cacheFolder(dataDir), { recursive: true, force: true })
  // Exports that a killed host left: they are packed, so no search would find a trace in them.
  rmSync(join(dataDir, 'downloads'), { recursive: true, force: true })
  // The service of the sample account keeps its history beside ours.
  if (account.isSample === 1) rmSync(sandboxFolder(dataDir), { recursive: true, force: true })
  const originals = statement<[number], { agent: string; jobId: string; resultId: string }>(
    database,
    'SELECT agent, job_id AS jobId, result_id AS resultId FROM kept_originals WHERE account_id = ?',
  )
  for (const ref of originals.iterate(account.accountId)) {
    for (const size of ['original', 'thumbnail'] as const) {
      const name = mediaName(ownerOf(account), { ...ref, size })
      for (const path of [keptFile(dataDir, name), partialFile(dataDir, name)]) rmSync(path, { force: true })
    }
  }
  for (const content of ownCopies(database, account.accountId)) rmSync(keptContent(dataDir, content), { force: true })
}

/** The contents of copied files that no folder of another account has. */
const ownCopies = (database: Readable, accountId: number): string[] =>
  scalar<[object], string>(
    database,
    `WITH copied AS (
       SELECT f.sha256, b.account_id FROM folder_files f JOIN folders d ON d.batch_id = f.batch_id
       JOIN import_batches b ON b.batch_id = f.batch_id WHERE d.copied = 1 AND f.sha256 IS NOT NULL)
     SELECT DISTINCT sha256 FROM copied WHERE account_id = @accountId
     EXCEPT SELECT sha256 FROM copied WHERE account_id <> @accountId`,
  ).all({ accountId })

/** Texts that only these accounts have: their ids and e-mail addresses, prompts, chat titles and notes. */
function tracesOf(database: Readable, accounts: readonly AccountRow[]): string[] {
  // SQLite splits long values over several pages, so only the beginning is searched for.
  const texts = scalar<[object], string>(
    database,
    `WITH texts (account_id, text) AS (
       SELECT account_id, prompt FROM jobs UNION ALL SELECT account_id, chat_title FROM jobs
       UNION ALL SELECT account_id, note FROM marks UNION ALL SELECT account_id, text FROM support_cases),
       chosen AS (SELECT value FROM json_each(@accountIds))
     SELECT substr(text, 1, 60) FROM texts WHERE account_id IN chosen AND octet_length(text) >= @minTextBytes
     EXCEPT SELECT substr(text, 1, 60) FROM texts WHERE account_id NOT IN chosen LIMIT @maxTraces`,
  ).all({ accountIds: JSON.stringify(accounts.map(({ accountId }) => accountId)), minTextBytes, maxTraces })
  // The ids of accounts of imports are generated here and begin alike, so they are no traces.
  const ofServices = accounts.filter((account) => !isImported(account))
  const own = ofServices.flatMap(({ id, email }) => [id, email ?? '']).filter((text) => text.length >= minIdLength)
  return [...own.map((text) => text.slice(0, 60)), ...texts]
}

/**
 * Whether an account that stays has the text as well, alone or within a longer one: two accounts may have one e-mail address, or
 * prompts that begin alike. Then it is no trace.
 */
const isKept = (database: Readable, text: string): boolean =>
  scalar<[string], number>(
    database,
    `WITH texts (text) AS (
       SELECT id FROM accounts UNION ALL SELECT email FROM accounts UNION ALL SELECT prompt FROM jobs
       UNION ALL SELECT chat_title FROM jobs UNION ALL SELECT memo FROM credit_transactions
       UNION ALL SELECT note FROM marks UNION ALL SELECT text FROM support_cases
       UNION ALL SELECT cells FROM import_rows UNION ALL SELECT path FROM folder_files UNION ALL SELECT prompt FROM folder_files)
     SELECT EXISTS (SELECT 1 FROM texts WHERE instr(text, ?) > 0)`,
  ).get(text) === 1

/** The first file of the data folder that contains a trace; null if none does. */
function fileWithTrace(database: Readable, dataDir: string, { traces, keepsBackups }: Marker): string | null {
  const needles = new Map(traces.map((text) => [text, Buffer.from(text)]))
  const sandbox = sandboxFolder(dataDir)
  for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    // An invented history, which the service of an account may have told as well.
    if (entry.parentPath === sandbox) continue
    const isBackup = entry.parentPath === join(dataDir, 'backups') || entry.name.startsWith('carat.db.damaged-')
    const isExempt = path === deletionFile(dataDir) || (keepsBackups && isBackup)
    if (!entry.isFile() || isExempt) continue
    for (;;) {
      const found = firstTrace(path, needles)
      if (found === null) break
      if (!isKept(database, found)) return path
      needles.delete(found)
    }
  }
  return null
}

function firstTrace(path: string, needles: ReadonlyMap<string, Buffer>): string | null {
  const overlap = Math.max(0, ...[...needles.values()].map((needle) => needle.length - 1))
  const chunk = Buffer.alloc(chunkBytes)
  const file = openSync(path, 'r')
  try {
    for (let at = 0; ; at += chunkBytes - overlap) {
      const length = readSync(file, chunk, 0, chunkBytes, at)
      const read = chunk.subarray(0, length)
      for (const [text, needle] of needles) if (read.includes(needle)) return text
      if (length < chunkBytes) return null
    }
  } finally {
    closeSync(file)
  }
}
