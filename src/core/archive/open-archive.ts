/** Opens archives, which may be damaged or hostile: an entry is read only after its name and size were checked. */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { type Entry, open, type ZipFile } from 'yauzl'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { latestVersion } from '../store/migrations/index.ts'
import {
  type ArchiveEntry,
  folderOfAccount,
  Manifest,
  ManifestHead,
  manifestName,
  oldestSchema,
  parseFilePath,
  tablePaths,
} from './format.ts'

/** More entries than a library of 100,000 kept originals and their thumbnails has. */
const entryLimit = 500_000
const manifestLimit = 128 * 2 ** 20
/** The limits of records, unpacked, in bytes. Above `ratioFrom`, they may be at most `ratioLimit` times larger than the file. */
const ratioLimit = 200
const ratioFrom = 64 * 2 ** 20
const recordsLimit = 16 * 2 ** 30
const isEncrypted = 1
const methods = [0, 8]

export interface OpenArchive {
  manifest: Manifest
  /** The content of an entry. Throws `archive_entry_differs` if its size or checksum is not that of the manifest. */
  read(entry: ArchiveEntry): AsyncIterable<Buffer>
  close(): void
}

/** Opens an archive and checks its directory and manifest. Throws `archive_…`, or `cannot_read_file`. */
export async function openArchive(path: string): Promise<OpenArchive> {
  const refusal = refusalOf(path)
  const { zip, size } = await openZip(path)
  try {
    const found = await entriesOf(zip, refusal)
    const manifest = await readManifest(zip, found.get(manifestName), refusal)
    checkEntries(manifest, found, size, refusal)
    return {
      manifest,
      read: (entry) => checkedContent(zip, found.get(entry.path) as Entry, entry, refusal),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

type Refusal = (code: ErrorCode, entry?: string, cause?: unknown) => AppError

/** Creates errors about an archive. Names of entries are untrusted, so errors show only a short, printable part of them. */
const refusalOf =
  (path: string): Refusal =>
  (code, entry, cause) =>
    new AppError(
      code,
      { path, ...(entry !== undefined && { entry: entry.slice(0, 100).replaceAll(/[\p{C}\p{Z}]/gu, ' ') }) },
      { cause },
    )

async function openZip(path: string): Promise<{ zip: ZipFile; size: number }> {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile()) throw new AppError('cannot_read_file', { path })
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true }
  const openFile = promisify<string, object, ZipFile>(open)
  try {
    return { zip: await openFile(path, options), size: stats.size }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new AppError(code ? 'cannot_read_file' : 'archive_damaged', { path }, { cause: error })
  }
}

/** The entries by their names, which must be unique. */
async function entriesOf(zip: ZipFile, refusal: Refusal): Promise<Map<string, Entry>> {
  if (zip.entryCount > entryLimit) throw refusal('archive_too_large')
  const found = new Map<string, Entry>()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  zip.on('error', (error) => reject(refusal('archive_damaged', undefined, error)))
  zip.on('end', resolve)
  zip.on('entry', (entry: Entry) => {
    const name = (entry.fileName as unknown as Buffer).toString()
    if (found.has(name)) return reject(refusal('archive_entry_unknown', name))
    if (entry.generalPurposeBitFlag & isEncrypted) return reject(refusal('archive_encrypted'))
    if (!methods.includes(entry.compressionMethod)) return reject(refusal('archive_damaged'))
    found.set(name, entry)
    zip.readEntry()
  })
  zip.readEntry()
  await promise
  return found
}

async function readManifest(zip: ZipFile, entry: Entry | undefined, refusal: Refusal): Promise<Manifest> {
  if (!entry) throw refusal('archive_foreign')
  if (entry.uncompressedSize > manifestLimit) throw refusal('archive_too_large')
  const parts: Buffer[] = []
  for await (const part of contentOf(zip, entry, manifestName, refusal)) parts.push(part)
  let json: unknown
  try {
    json = JSON.parse(Buffer.concat(parts).toString())
  } catch (error) {
    throw refusal('archive_damaged', undefined, error)
  }
  const head = ManifestHead.safeParse(json)
  if (!head.success) throw refusal('archive_foreign')
  if (head.data.schemaVersion > latestVersion) throw refusal('archive_newer')
  const manifest = Manifest.safeParse(json)
  if (!manifest.success || head.data.schemaVersion < oldestSchema) throw refusal('archive_damaged')
  return manifest.data
}

/** Checks that manifest and directory name the same entries, and only entries that an archive can have. */
function checkEntries(manifest: Manifest, found: ReadonlyMap<string, Entry>, size: number, refusal: Refusal): void {
  const folders = manifest.accounts.map(({ folder }) => folder)
  if (folders.some((folder, index) => folder !== folderOfAccount(index + 1))) throw refusal('archive_damaged')
  const tables = new Set(folders.flatMap((folder) => tablePaths(folder, manifest.schemaVersion)))
  const stated = new Set<string>()
  let records = 0
  for (const { path, size: bytes, records: count } of manifest.entries) {
    const isFile = folders.includes(parseFilePath(path)?.folder ?? '')
    if (stated.has(path) || !(tables.has(path) || isFile) || tables.has(path) !== (count !== null))
      throw refusal('archive_entry_unknown', path)
    stated.add(path)
    const entry = found.get(path)
    if (!entry) throw refusal('archive_entry_missing', path)
    if (entry.uncompressedSize !== bytes) throw refusal('archive_entry_differs', path)
    // A file is a picture or a video, which is stored as it is.
    if (isFile && entry.compressionMethod !== 0) throw refusal('archive_entry_unknown', path)
    if (!isFile) records += bytes
  }
  for (const path of tables) if (!stated.has(path)) throw refusal('archive_entry_missing', path)
  for (const path of found.keys()) {
    if (path !== manifestName && !stated.has(path)) throw refusal('archive_entry_unknown', path)
  }
  if (records > recordsLimit || (records > ratioFrom && records > size * ratioLimit)) throw refusal('archive_too_large')
}

async function* contentOf(zip: ZipFile, entry: Entry, path: string, refusal: Refusal): AsyncGenerator<Buffer> {
  try {
    const stream = await new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, found) => (error ? reject(error) : resolve(found)))
    })
    for await (const block of stream) yield block as Buffer
  } catch (error) {
    throw refusal('archive_entry_differs', path, error)
  }
}

async function* checkedContent(
  zip: ZipFile,
  entry: Entry,
  { path, sha256 }: ArchiveEntry,
  refusal: Refusal,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const block of contentOf(zip, entry, path, refusal)) {
    hash.update(block)
    yield block
  }
  if (hash.digest('hex') !== sha256) throw refusal('archive_entry_differs', path)
}
