import { existsSync } from 'node:fs'
import { copyFile, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Log } from '../ports.ts'
import { systemFetch } from '../service/network.ts'
import { renamePatiently } from '../store/file/rename.ts'
import type { Writable } from '../store/handles.ts'
import { type AddressedResult, findResult, isAddressed, type ResultRef } from '../store/jobs/results.ts'
import {
  checkFile,
  downloadBytes,
  downloadFile,
  isLapsed,
  isMediaAddress,
  type Source,
  type Transfer,
} from './download.ts'
import { cachedFile, keptFile, type MediaOwner, mediaName, partialFile, requireSpace } from './folders.ts'
import { sourceOf } from './media.ts'
import { provenFile } from './media-type.ts'
import type { Renewals } from './renewals.ts'

const gibibyte = 1024 * 1024 * 1024
const sizeLimit = 4 * gibibyte
const timeLimitMs = 60 * 60_000

export interface OriginalFilesPorts {
  database: Writable
  dataDir: string
  api: string
  renewals: Pick<Renewals, 'renew'>
  log: Log
  fetch?: typeof globalThis.fetch
}

/**
 * Stores an original of the active account and its thumbnail; renews a lapsed address once. Returns its size in bytes.
 * Throws an `AppError`, a retryable `ServiceError`, an error of the file system, or the signal's reason.
 */
export async function storeOriginal(
  ports: OriginalFilesPorts,
  ref: ResultRef,
  signal: AbortSignal,
  transfer: Transfer,
): Promise<number> {
  try {
    return await storeFiles(ports, ref, signal, transfer)
  } catch (error) {
    if (!isLapsed(error) || !(await ports.renewals.renew(ref, signal))) throw error
    return storeFiles(ports, ref, signal, transfer)
  }
}

async function storeFiles(
  ports: OriginalFilesPorts,
  ref: ResultRef,
  signal: AbortSignal,
  transfer: Transfer,
): Promise<number> {
  const result = findResult(ports.database, ref)
  if (!result || !isAddressed(result)) throw new AppError('original_gone')
  const size = await storeFile(ports, result, ref, signal, transfer)
  await storeThumbnail(ports, result, ref, signal).catch((error) => {
    signal.throwIfAborted()
    // The thumbnail is optional: a picture has its original, a video its first frame.
    ports.log.warn('thumbnail_not_kept', { error: String(error) })
  })
  return size
}

async function storeFile(
  { dataDir, api, fetch = systemFetch }: OriginalFilesPorts,
  result: AddressedResult,
  ref: ResultRef,
  signal: AbortSignal,
  transfer: Transfer,
): Promise<number> {
  const name = mediaName(result, { ...ref, size: 'original' })
  const path = keptFile(dataDir, name)
  // The app was killed after it stored the file and before it stored the row.
  const finished = await provenFile(path)
  if (finished) return finished.size
  const source = { ...sourceOf('original', result), limit: sizeLimit, timeLimitMs }
  const partial = partialFile(dataDir, name)
  await mkdir(dirname(partial), { recursive: true })
  const copied = await copyChecked(cachedFile(dataDir, name), partial, source)
  if (copied === null && !isMediaAddress(source.address, api)) throw new AppError('link_refused')
  const { size } = copied ?? (await downloadFile(fetch, source, partial, transfer, signal))
  await moveFinished(partial, path)
  return size
}

async function storeThumbnail(
  { dataDir, api, fetch = systemFetch }: OriginalFilesPorts,
  result: AddressedResult,
  ref: ResultRef,
  signal: AbortSignal,
): Promise<void> {
  if (result.thumbnailUrl === null) return
  const name = mediaName(result, { ...ref, size: 'thumbnail' })
  const path = keptFile(dataDir, name)
  if (existsSync(path)) return
  const source = sourceOf('thumbnail', result)
  const partial = partialFile(dataDir, name)
  if ((await copyChecked(cachedFile(dataDir, name), partial, source)) === null) {
    if (!isMediaAddress(source.address, api)) throw new AppError('link_refused')
    const { bytes } = await downloadBytes(fetch, source, signal)
    await requireSpace(dirname(partial), bytes.byteLength)
    await writeFile(partial, bytes)
  }
  await moveFinished(partial, path)
}

/** Copies a cached file if it is the expected one; null if there is none. */
async function copyChecked(from: string, to: string, source: Source): Promise<{ size: number } | null> {
  if (!existsSync(from)) return null
  await requireSpace(dirname(to), source.length ?? 0)
  try {
    await copyFile(from, to)
    return await checkFile(source, to)
  } catch {
    await rm(to, { force: true })
    return null
  }
}

/** Moves a finished file into place atomically, so readers find it whole or not at all, even after a power loss. */
export async function moveFinished(partial: string, path: string): Promise<void> {
  const file = await open(partial, 'r+')
  await file.datasync().finally(() => file.close())
  await mkdir(dirname(path), { recursive: true })
  await renamePatiently(partial, path)
  await syncFolder(dirname(path))
}

/** Flushes a rename to disk. Windows has no such call and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  await folder.sync().finally(() => folder.close())
}

/** Whether the original is on disk. */
export const hasOriginal = (dataDir: string, owner: MediaOwner, ref: ResultRef): boolean =>
  existsSync(keptFile(dataDir, mediaName(owner, { ...ref, size: 'original' })))

/** Removes an original, its thumbnail and its partial download. */
export async function removeOriginalFiles(dataDir: string, owner: MediaOwner, ref: ResultRef): Promise<void> {
  for (const size of ['original', 'thumbnail'] as const) {
    const name = mediaName(owner, { ...ref, size })
    await rm(keptFile(dataDir, name), { force: true })
    await rm(partialFile(dataDir, name), { force: true })
  }
}
