import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MediaRef } from '../../shared/bridge.ts'
import type { Log } from '../ports.ts'
import { download, type Expected, isMediaAddress } from './download.ts'
import { sniffMediaType } from './sniff.ts'

const mebibyte = 1024 * 1024
const sizeLimits = { thumbnail: 8 * mebibyte, original: 64 * mebibyte }
const parallelDownloads = 6

/** A picture, video or sound. The type is what its first bytes prove. */
export interface MediaFile {
  mimeType: string
  bytes: Uint8Array
}

/** What is known of a result. `bytes` and `sha256` are those of the original. */
export interface StoredResult {
  accountId: string
  mimeType: string
  url: string
  thumbnailUrl: string | null
  bytes: number | null
  sha256: string | null
}

export interface Media {
  /** The stored file, fetched on first use; null where there is none to be had. Never rejects. */
  open(ref: MediaRef): Promise<MediaFile | null>
}

export interface MediaOptions {
  dataDir: string
  /** Base address of the service. */
  api: string
  lookup(ref: MediaRef): StoredResult | null
  log: Log
  fetch?: typeof globalThis.fetch
}

/** The results' files in `media/` of the data folder. Without an account's token: addresses of results carry their own right. */
export function createMedia({ dataDir, api, lookup, log, fetch = globalThis.fetch }: MediaOptions): Media {
  const running = new Map<string, Promise<MediaFile | null>>()
  const limited = limitParallel(parallelDownloads)

  async function load(source: Source, path: string): Promise<MediaFile | null> {
    const stored = await readFile(path).catch(() => null)
    if (stored && (source.length === null || source.length === stored.length)) {
      const mimeType = sniffMediaType(stored)
      if (mimeType) return { mimeType, bytes: stored }
    }
    if (!isMediaAddress(source.address, api)) throw new Error('address refused')
    const file = await limited(() => download(fetch, source.address, source))
    // A full disk costs the copy and not the picture.
    await writeWhole(path, file.bytes).catch((error) => log.warn('media_not_kept', { error: String(error) }))
    return file
  }

  return {
    async open(ref) {
      const result = lookup(ref)
      const source = result && sourceOf(ref, result)
      if (!source) return null
      const path = join(dataDir, 'media', fileName(ref, source.size, result.accountId))
      const loading =
        running.get(path) ??
        load(source, path)
          .catch((error) => {
            log.warn('media_unavailable', { error: String(error) })
            return null
          })
          .finally(() => running.delete(path))
      running.set(path, loading)
      return loading
    },
  }
}

interface Source extends Expected {
  size: MediaRef['size']
  address: string
}

/** A picture stands in for its own missing thumbnail; anything else has none then. */
function sourceOf({ size }: MediaRef, { url, thumbnailUrl, mimeType, bytes, sha256 }: StoredResult): Source | null {
  if (size === 'thumbnail' && thumbnailUrl !== null) {
    return { size, address: thumbnailUrl, limit: sizeLimits.thumbnail, length: null, sha256: null }
  }
  if (size === 'thumbnail' && !mimeType.startsWith('image/')) return null
  return { size: 'original', address: url, limit: sizeLimits.original, length: bytes, sha256 }
}

/** Made of ids that may hold anything, so only their hash reaches the file system. */
function fileName({ agent, jobId, resultId }: MediaRef, size: MediaRef['size'], accountId: string): string {
  const name = createHash('sha256')
    .update(JSON.stringify([accountId, agent, jobId, resultId, size]))
    .digest('hex')
  return join(name.slice(0, 2), name)
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(temporary, bytes)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

function limitParallel(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      // A place is handed over, so that nobody slips in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
