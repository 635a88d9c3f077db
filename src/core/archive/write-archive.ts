/** Writes archives: everything of one account or of all, with files and checksums, in one ZIP. */
import { createReadStream, existsSync } from 'node:fs'
import { setImmediate as otherWork } from 'node:timers/promises'
import { AppError } from '../../shared/errors.ts'
import type { Agent } from '../../shared/values.ts'
import { writeWhole } from '../export/whole-file.ts'
import { createZipWriter, type ZipWriter } from '../export/zip-writer.ts'
import { extensionOf } from '../media/extensions.ts'
import { keptContent, keptFile, mediaName, ownerOf } from '../media/folders.ts'
import { provenFile } from '../media/media-type.ts'
import { findAccount, listAccounts } from '../store/accounts/accounts.ts'
import type { Readable } from '../store/handles.ts'
import { latestVersion } from '../store/migrations/index.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { scalar, statement } from '../store/statement.ts'
import { readSnapshot } from '../store/store.ts'
import {
  type ArchiveEntry,
  archiveFormat,
  type FileFolder,
  filePath,
  folderOfAccount,
  type Manifest,
  manifestName,
  tablePath,
} from './format.ts'
import { type ArchivedTable, archivedTables } from './tables.ts'

export interface ArchiveOptions {
  path: string
  /** The data folder, with the kept files. */
  dataDir: string
  /** The folder of the database; the data folder by default. */
  workDir?: string
  /** The id of an account; every account by default. */
  account?: string | undefined
  /** Cancels the export, which then leaves no file and rejects with the signal's reason. */
  signal?: AbortSignal
  /** Receives the number of records and files so far. */
  onProgress?: (records: number) => void
}

/** JSON is written in blocks of about this many UTF-16 units. */
const blockSize = 65_536

/**
 * Writes an archive completely or not at all, and returns the number of its records and files. The same records give the same
 * bytes. Throws as `exportTo` does.
 */
export function exportArchive({ workDir, ...options }: ArchiveOptions): Promise<number> {
  const { path, signal } = options
  return readSnapshot(workDir ?? options.dataDir, (database) =>
    writeWhole(path, signal, async (write) => {
      const zip = createZipWriter(write)
      try {
        return await writeArchive(database, zip, options)
      } finally {
        zip.destroy()
      }
    }),
  )
}

async function writeArchive(database: Readable, zip: ZipWriter, options: Omit<ArchiveOptions, 'workDir'>) {
  const { dataDir, account, signal, onProgress } = options
  const chosen = account === undefined ? listAccounts(database) : [findAccount(database, account)]
  const accounts = chosen
    .toSorted((a, b) => a.accountId - b.accountId)
    .map((row, index) => ({ row, folder: folderOfAccount(index + 1) }))
  const entries: ArchiveEntry[] = []
  const files: KeptFile[] = []
  let done = 0
  const count = () => {
    signal?.throwIfAborted()
    onProgress?.(done)
  }
  for (const { row, folder } of accounts) {
    for (const table of archivedTables) {
      const before = done
      const text = tableAsJson(database, table, row.accountId, (rows) => {
        done += rows
        count()
      })
      const written = await zip.add(tablePath(folder, table.name), text, true)
      entries.push({ ...written, records: done - before })
    }
    files.push(...keptFiles(database, row, folder, dataDir))
  }
  // The files need no snapshot of the database, and its log must not grow while they are read.
  database.exec('COMMIT')
  for (const { path, folder, kind, name } of files) {
    count()
    // The user may have removed the file since the list was made.
    if (!existsSync(path)) continue
    const entry = filePath(folder, kind, name, extensionOf((await provenFile(path))?.mimeType))
    entries.push({ ...(await zip.add(entry, fileBlocks(path, signal), false)), records: null })
    done++
  }
  const manifest: Manifest = {
    format: archiveFormat,
    schemaVersion: latestVersion,
    accounts: accounts.map(({ row, folder }) => ({
      folder,
      id: row.id,
      signInMethod: row.signInMethod,
      displayName: row.displayName,
    })),
    entries,
  }
  await zip.add(manifestName, asText(`${JSON.stringify(manifest, null, 2)}\n`), true)
  await zip.end()
  count()
  return done
}

async function* fileBlocks(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  try {
    for await (const block of createReadStream(path)) {
      signal?.throwIfAborted()
      yield block as Buffer
    }
  } catch (error) {
    // Other errors of files are about the archive.
    throw signal?.aborted ? error : new AppError('cannot_read_file', { path }, { cause: error })
  }
}

async function* asText(text: string): AsyncGenerator<string> {
  yield text
}

/** The rows of a table as a JSON array with a row on each line. `onBlock` receives the rows of each block. */
async function* tableAsJson(
  database: Readable,
  { name, where, order, omitted, values: forms = {} }: ArchivedTable,
  accountId: number,
  onBlock: (rows: number) => void,
): AsyncGenerator<string> {
  const columns = columnsOf(database, name).filter((column) => !omitted.includes(column.name))
  const values = columns.map(({ name, type }) => {
    const value = forms[name] ?? name
    return `${type === 'BLOB' ? `lower(hex(${value}))` : value} AS ${name}`
  })
  const rows = statement<[object], object>(
    database,
    `SELECT ${values.join(', ')} FROM ${name} WHERE ${where('main.')} ORDER BY ${order}`,
  )
  let block = '['
  let count = 0
  let separator = '\n'
  for (const row of rows.iterate({ accountId })) {
    block += separator + JSON.stringify(row)
    separator = ',\n'
    count++
    if (block.length < blockSize) continue
    onBlock(count)
    yield block
    block = ''
    count = 0
    await otherWork()
  }
  onBlock(count)
  yield `${block}\n]\n`
}

/** The columns of a table of this database, in their order. */
export const columnsOf = (database: Readable, table: string): { name: string; type: string }[] =>
  statement<[string], { name: string; type: string }>(database, 'SELECT name, type FROM pragma_table_info(?)').all(
    table,
  )

interface KeptFile {
  path: string
  folder: string
  kind: FileFolder
  name: string
}

/** The files that the data folder keeps for an account, in the order of their entries. */
function keptFiles(database: Readable, account: AccountRow, folder: string, dataDir: string): KeptFile[] {
  const originals = statement<[number], { agent: Agent; jobId: string; resultId: string }>(
    database,
    `SELECT agent, job_id AS jobId, result_id AS resultId FROM kept_originals
     WHERE account_id = ? AND state = 'kept' ORDER BY original_id`,
  ).all(account.accountId)
  const copies = scalar<[number], string>(
    database,
    `SELECT DISTINCT f.sha256 FROM import_batches b JOIN folders d ON d.batch_id = b.batch_id AND d.copied = 1
       JOIN folder_files f ON f.batch_id = d.batch_id AND f.sha256 IS NOT NULL
     WHERE b.account_id = ? ORDER BY f.sha256`,
  ).all(account.accountId)
  const named = (size: 'original' | 'thumbnail', kind: FileFolder) =>
    originals.map((ref): KeptFile => {
      const name = mediaName(ownerOf(account), { ...ref, size })
      return { path: keptFile(dataDir, name), folder, kind, name }
    })
  const copied = copies.map((name): KeptFile => ({ path: keptContent(dataDir, name), folder, kind: 'copies', name }))
  return [...named('original', 'originals'), ...named('thumbnail', 'thumbnails'), ...copied].filter(({ path }) =>
    existsSync(path),
  )
}
