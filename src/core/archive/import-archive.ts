/** Imports archives: opens and unpacks them beside the data, checks everything, and only then adds it. */
import { rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ArchiveAccount } from '../../shared/archives.ts'
import { AppError } from '../../shared/errors.ts'
import { requireSpace } from '../media/folders.ts'
import { incomingFolder } from '../store/file/data-folder.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { scalar } from '../store/statement.ts'
import { type ArchivedAccount, type Manifest, tablePath } from './format.ts'
import { mergeIncoming } from './merge.ts'
import { type OpenArchive, openArchive } from './open-archive.ts'
import { unpack } from './unpack.ts'

export interface ArchiveImport {
  dataDir: string
  path: string
  /** If given, only an archive with exactly the account of this id is accepted. */
  account?: string | undefined
  now: number
  /** Cancels the import if nothing was added yet; the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined
  /** Receives the number of records and files that were checked so far. */
  onProgress?: ((done: number) => void) | undefined
}

/** The accounts of an archive, of which only directory and manifest are checked. Throws as `openArchive`, and `archive_other_account`. */
export async function previewArchive(
  database: Readable | null,
  { path, account }: Pick<ArchiveImport, 'path' | 'account'>,
): Promise<ArchiveAccount[]> {
  const archive = await openArchive(path)
  archive.close()
  return accountsOf(database, archive.manifest, path, account)
}

/**
 * Imports an archive completely or not at all. The caller runs the pending rebuild afterwards. Throws as `openArchive`,
 * `archive_other_account`, `disk_full`, and errors of the database.
 */
export async function importArchive(database: Writable, options: ArchiveImport): Promise<ArchiveAccount[]> {
  const { dataDir, path, account, now, signal, onProgress } = options
  const archive = await openArchive(path)
  const folder = join(incomingFolder(dataDir), 'unpacked')
  try {
    const accounts = accountsOf(database, archive.manifest, path, account)
    await requireSpace(dataDir, spaceFor(archive))
    rmSync(folder, { recursive: true, force: true })
    const files = await unpack(archive, { path, folder, now, signal, onProgress })
    signal?.throwIfAborted()
    const incoming = accounts.map(({ isNew }, index) => ({ number: index + 1, isNew }))
    mergeIncoming(database, { file: join(folder, 'carat.db'), accounts: incoming, files }, { dataDir, now })
    return accounts
  } finally {
    archive.close()
    rmSync(folder, { recursive: true, force: true })
    removeIfEmpty(incomingFolder(dataDir))
  }
}

/** Removes the folder unless the page's own archive is still in it. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(String((error as NodeJS.ErrnoException).code))) throw error
  }
}

/** Bytes of two databases with indexes, per byte of JSON. */
const spacePerRecordByte = 4

/** The space for an import in bytes. Records are in two databases for a while, with indexes; files are moved. */
const spaceFor = ({ manifest }: OpenArchive): number =>
  manifest.entries.reduce((sum, { size, records }) => sum + (records === null ? size : spacePerRecordByte * size), 0)

function accountsOf(
  database: Readable | null,
  manifest: Manifest,
  path: string,
  account: string | undefined,
): ArchiveAccount[] {
  const ids = manifest.accounts.map(({ id }) => id)
  if (account !== undefined && (ids.length > 1 || ids[0] !== account))
    throw new AppError('archive_other_account', { path, id: account, accounts: ids.join(', ') })
  return manifest.accounts.map((found) => ({
    id: found.id,
    signInMethod: found.signInMethod,
    displayName: found.displayName,
    isNew: !isKnown(database, found),
    ...countsOf(manifest, found),
  }))
}

const isKnown = (database: Readable | null, { id, signInMethod }: ArchivedAccount): boolean =>
  database !== null &&
  scalar<[string, string], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ? AND sign_in_method = ?)',
  ).get(id, signInMethod) === 1

function countsOf({ entries }: Manifest, { folder }: ArchivedAccount) {
  const records = (table: string) => entries.find(({ path }) => path === tablePath(folder, table))?.records ?? 0
  return {
    jobs: records('jobs'),
    transactions: records('credit_transactions'),
    imports: records('import_batches'),
    marks: records('marks'),
    messages: records('support_cases'),
    files: entries.filter((entry) => entry.records === null && entry.path.startsWith(`${folder}/`)).length,
  }
}
