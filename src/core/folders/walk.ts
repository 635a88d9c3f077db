/** Lists the files below a folder without reading them. */
import type { Dirent } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import type { FolderFileProblem, SkippedFile } from '../../shared/folders.ts'
import type { FileEntry } from '../store/imports/folders.ts'

export interface FoundFiles {
  /** The files by their paths below the folder, with slashes, as the disk spells them. */
  files: FileEntry[]
  skipped: SkippedFile[]
  /** Folders that could not be read. Known files below them do not count as missing. */
  unreadable: string[]
}

/** No folder of results has more files; a scan of a whole disk stops here. */
const mostFiles = 1_000_000

/** Files and folders that systems and programs leave everywhere. */
const junk = new Set([
  'thumbs.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  '__macosx',
  '@eadir',
  'node_modules',
])

const isIgnored = (name: string): boolean =>
  name.startsWith('.') ||
  name.startsWith('~$') ||
  junk.has(name.toLowerCase()) ||
  /\.(part|crdownload|tmp)$/i.test(name)

/**
 * The real path of a folder of results. Throws `folder_missing`, `folder_is_file`, `folder_not_readable`, or
 * `folder_in_data_folder` for a folder whose content the app itself writes.
 */
export async function realFolder(path: string, dataDir: string): Promise<string> {
  const real = await realpath(path).catch((error: unknown) => {
    throw folderError(error, path)
  })
  if (!(await stat(real)).isDirectory()) throw new AppError('folder_is_file', { path })
  const data = await realpath(dataDir).catch(() => resolve(dataDir))
  if (isInside(real, data)) throw new AppError('folder_in_data_folder', { path })
  return real
}

const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep)

/** The error for a folder that cannot be opened. */
function folderError(error: unknown, path: string): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const codes: Record<string, ErrorCode> = {
    ENOENT: 'folder_missing',
    ENOTDIR: 'folder_is_file',
    ENAMETOOLONG: 'folder_missing',
  }
  return new AppError(codes[code] ?? 'folder_not_readable', { path }, { cause: error })
}

/**
 * Lists the files below `root`, without those of the data folder. `onFound` receives their number after each folder; after `limit`
 * files, no further folder is listed. Throws as `realFolder` if `root` cannot be read, and the signal's reason.
 */
export async function walkFolder(
  root: string,
  dataDir: string,
  signal: AbortSignal,
  onFound: (files: number) => void = () => {},
  limit = mostFiles,
): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], skipped: [], unreadable: [] }
  const data = await realpath(dataDir).catch(() => resolve(dataDir))
  const left = ['']
  for (let folder = left.shift(); folder !== undefined && found.files.length < limit; folder = left.shift()) {
    const path = join(root, folder)
    if (isInside(path, data)) continue
    try {
      await listFolder(root, folder, signal, found, left)
    } catch (error) {
      signal.throwIfAborted()
      if (folder === '') throw folderError(error, root)
      found.unreadable.push(folder)
      found.skipped.push({ path: folder, reason: problemOf(error) })
    }
    onFound(found.files.length)
  }
  return found
}

/** Adds the files of one folder to `found` and its folders to `left`. */
async function listFolder(
  root: string,
  folder: string,
  signal: AbortSignal,
  found: FoundFiles,
  left: string[],
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  // On Linux, names are bytes. Those that are not UTF-8 cannot be opened by a text.
  const entries = (await opendir(join(root, folder), {
    encoding: 'buffer' as BufferEncoding,
  })) as unknown as AsyncIterable<Dirent<Buffer>>
  for await (const entry of entries) {
    signal.throwIfAborted()
    const bytes = entry.name
    let name: string
    try {
      name = decoder.decode(bytes)
    } catch {
      found.skipped.push({ path: below(folder, bytes.toString('latin1')), reason: 'name_not_utf8' })
      continue
    }
    if (isIgnored(name)) continue
    const path = below(folder, name)
    if (entry.isDirectory()) left.push(path)
    else await addFile(root, path, entry, found)
  }
}

const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

async function addFile(root: string, path: string, entry: Dirent<Buffer>, found: FoundFiles): Promise<void> {
  try {
    if (entry.isSymbolicLink()) {
      const target = await realpath(join(root, path)).catch(() => null)
      // A link to a file of the folder is that file.
      if (target === null || !isInside(target, root)) found.skipped.push({ path, reason: 'link_outside' })
      return
    }
    const status = await lstat(join(root, path))
    if (status.isFile()) found.files.push({ path, bytes: status.size, modifiedAt: Math.floor(status.mtimeMs) })
  } catch (error) {
    found.skipped.push({ path, reason: problemOf(error) })
  }
}

const problemOf = (error: unknown): FolderFileProblem =>
  error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG' ? 'path_too_long' : 'unreadable'
