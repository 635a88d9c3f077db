import { readFile, realpath, rm } from 'node:fs/promises'
import { sep } from 'node:path'
import type { MediaRef, SourceRef } from '../../shared/bridge.ts'
import type { CredentialsView } from '../../shared/credentials.ts'
import { AppError } from '../../shared/errors.ts'
import { isPlayable } from '../../shared/media-types.ts'
import type { JobName, RenewalView, SubtitleCue } from '../../shared/views.ts'
import { subtitleCues } from '../domain/subtitle-cues.ts'
import type { Clock, Log } from '../ports.ts'
import { systemFetch } from '../service/network.ts'
import { type AddressedResult, isAddressed, type ResultRef, type StoredResult } from '../store/jobs/results.ts'
import type { MediaCache } from './cache.ts'
import { readCredentials } from './credentials/credentials.ts'
import { downloadBytes, downloadFile, isLapsed, isMediaAddress, type Source } from './download.ts'
import { keptContent, keptFile, mediaFolder, mediaName } from './folders.ts'
import { createLoader } from './loader.ts'
import { provenFile, utf16Of } from './media-type.ts'
import { createMissingFiles } from './missing-files.ts'
import { referencedFile } from './referenced-file.ts'
import { createTilePictures, isTile, isTileSize, type TileRef, tileType } from './tile-pictures.ts'

const mebibyte = 1024 * 1024
/** Originals in the cache stay smaller than the smallest cache limit; a larger one would be evicted at once. */
const sizeLimits = { thumbnail: 8 * mebibyte, original: 512 * mebibyte }
const timeLimitsMs = { thumbnail: 30_000, original: 600_000 }
const parallelDownloads = 6

/**
 * A picture, video or sound in a file or in memory; the type is proven by its first bytes. Only hosts see it: the page
 * never sees a path.
 */
export type MediaFile = { mimeType: string } & ({ path: string } | { bytes: Uint8Array; isTile?: boolean })

export interface Media {
  /**
   * The kept or cached file, else a fetched one; null if it is not available or cannot be shown. For a tile picture that was not
   * made yet, gives the thumbnail. Rejects only with the signal's reason.
   */
  open(ref: MediaRef, signal: AbortSignal): Promise<MediaFile | null>
  /** An original for a copy outside the app. Like `open`, but also for types that cannot be shown. */
  original(ref: ResultRef, signal: AbortSignal): Promise<MediaFile | null>
  /** Caches the tile picture that the page made of a result's thumbnail. False if it was not cached. */
  keepTile(ref: TileRef, picture: Uint8Array): Promise<boolean>
  /** The reasons why files of some jobs were not available. */
  missingFiles(jobs: readonly JobName[]): RenewalView[]
  /** The text of subtitles; null if the file is not available or is of another type. */
  subtitles(ref: ResultRef): Promise<SubtitleCue[] | null>
  /** What the content credentials of a file of a folder say; null for other results, and as `readCredentials`. */
  credentials(ref: ResultRef): Promise<CredentialsView | null>
}

export interface MediaOptions {
  dataDir: string
  /** The folder of the cache; the data folder by default. */
  workDir?: string
  /** Base address of the service. */
  api: string
  lookup(ref: MediaRef): StoredResult | null
  /** Null if it cannot be written: thumbnails are then served from memory, originals only if they are kept. */
  cache: MediaCache | null
  clock: Pick<Clock, 'now'>
  log: Log
  fetch?: typeof globalThis.fetch
}

/**
 * The files of results in `media/` of the data folder. Requests carry no access token: a result's address is its own
 * permission.
 */
export function createMedia(options: MediaOptions): Media {
  const { dataDir, workDir = dataDir, api, lookup, cache, clock, log, fetch = systemFetch } = options
  const tiles = createTilePictures(cache, log)
  const load = createLoader<MediaFile>(parallelDownloads)
  const addressOf = (ref: SourceRef) => {
    const result = lookup(ref)
    return result && isAddressed(result) ? sourceOf(ref.size, result).address : null
  }
  const missing = createMissingFiles(addressOf, () => clock.now())

  /**
   * A file of the media folder; null if it does not exist, is no media file, or is a link that leads out of the folder.
   */
  async function stored(
    path: string,
    folder = dataDir,
  ): Promise<{ mimeType: string; path: string; size: number } | null> {
    const [root, real] = await Promise.all([realpath(mediaFolder(folder)), realpath(path)]).catch(() => ['', ''])
    if (!real.startsWith(root + sep)) return null
    const file = await provenFile(real)
    return file && { ...file, path: real }
  }

  const kept = (result: StoredResult, ref: SourceRef) => stored(keptFile(dataDir, mediaName(result, ref)))

  /** The copy of a file of a folder. */
  const copied = async ({ sha256, locations }: StoredResult) =>
    sha256 !== null && locations.some((location) => location.copied === 1) ? stored(keptContent(dataDir, sha256)) : null

  /** A file of a folder: its copy, or the file itself if it has not changed. */
  const fileOf = async (result: StoredResult) => (await copied(result)) ?? referencedFile(result.locations)

  async function cached(name: string, { length }: Source): Promise<MediaFile | null> {
    const path = cache?.find(name)
    if (!path) return null
    const file = await stored(path, workDir)
    if (file && (length === null || length === file.size)) return file
    cache?.remove(name)
    return null
  }

  async function fetchSmall(name: string, source: Source, signal: AbortSignal): Promise<MediaFile> {
    const file = await downloadBytes(fetch, source, signal)
    // If the disk is full, the picture is still served, only not cached.
    await cache?.write(name, file.bytes).catch((error) => log.warn('media_not_cached', { error: String(error) }))
    return file
  }

  async function fetchLarge(name: string, source: Source, signal: AbortSignal): Promise<MediaFile> {
    if (!cache) throw new AppError('data_folder_not_writable', { path: mediaFolder(dataDir) })
    const temporary = cache.temporaryFile()
    try {
      const { mimeType, size } = await downloadFile(fetch, source, temporary, wholeTransfer, signal)
      return { mimeType, path: await cache.adopt(name, temporary, size) }
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** A file of a folder, or a kept, cached or fetched file, of any type; null if it is not available. */
  async function obtain(result: StoredResult, ref: SourceRef, signal: AbortSignal): Promise<MediaFile | null> {
    if (!isAddressed(result)) return fileOf(result)
    const name = mediaName(result, ref)
    const source = sourceOf(ref.size, result)
    const found = (await kept(result, ref)) ?? (await cached(name, source))
    if (found || missing.isRefused(ref, source.address)) return found
    try {
      if (!isMediaAddress(source.address, api)) throw new Error('address refused')
      return await load(name, signal, (whenUnwanted) =>
        (ref.size === 'thumbnail' ? fetchSmall : fetchLarge)(name, source, whenUnwanted),
      )
    } catch (error) {
      signal.throwIfAborted()
      log.warn('media_unavailable', { error: String(error) })
      if (isLapsed(error)) {
        missing.add(ref, source.address, error.code === 'original_not_media' ? 'other_content' : 'refused')
      }
      return null
    }
  }

  return {
    async open(ref, signal) {
      const result = lookup(ref)
      const tile = result && isTile(ref) ? await tiles.find(result, ref) : null
      if (tile) return { mimeType: tileType, bytes: tile, isTile: true }
      const size = result && servedSize(isTileSize(ref.size) ? 'thumbnail' : ref.size, result)
      if (!result || !size) return null
      const served = { ...ref, size }
      const file = await obtain(result, served, signal)
      if (file && isPlayable(file.mimeType)) return file
      if (file && isAddressed(result)) missing.add(served, sourceOf(size, result).address, 'unplayable')
      const original = size === 'thumbnail' ? await kept(result, { ...ref, size: 'original' }) : null
      return original?.mimeType.startsWith('image/') && isPlayable(original.mimeType) ? original : null
    },
    async original(ref, signal) {
      const named = { ...ref, size: 'original' } as const
      const result = lookup(named)
      return result && obtain(result, named, signal)
    },
    async keepTile(ref, picture) {
      const result = lookup(ref)
      return result !== null && tiles.keep(result, ref, picture)
    },
    missingFiles: missing.statesOf,
    async subtitles(ref) {
      const original = { ...ref, size: 'original' } as const
      const result = lookup(original)
      const file = result && (await obtain(result, original, new AbortController().signal))
      return file && subtitleTypes.has(file.mimeType) ? subtitleCues(await readText(file)) : null
    },
    async credentials(ref) {
      const result = lookup({ ...ref, size: 'original' })
      const file = result && !isAddressed(result) ? await fileOf(result) : null
      return file && readCredentials(file.path, file.mimeType)
    },
  }
}

const subtitleTypes = new Set(['text/vtt', 'application/x-subrip'])
/** Longer subtitles are cut. */
const maxTextBytes = 2 * mebibyte

/**
 * The text of a file in UTF-8, in UTF-16 with a byte order mark, or in the Korean code page 949 (`euc-kr` on the web), which older
 * programs write. Node's own decoder knows few of its syllables.
 */
async function readText(file: MediaFile): Promise<string> {
  const bytes = ('bytes' in file ? file.bytes : await readFile(file.path)).subarray(0, maxTextBytes)
  const utf16 = utf16Of(bytes)
  if (utf16) return new TextDecoder(utf16).decode(bytes)
  try {
    // As a stream: the limit may cut a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    // Its tables would take a megabyte in every reader.
    const { TextDecoder: ExactDecoder } = await import('@exodus/bytes/encoding.js')
    return new ExactDecoder('euc-kr').decode(bytes)
  }
}

/** No progress reports, and no resumption of an earlier attempt. */
const wholeTransfer = { etag: null, onStart: () => {}, onProgress: () => {} }

/** A picture without a thumbnail address serves as its own thumbnail; other media have none then. */
function servedSize(size: SourceRef['size'], { thumbnailUrl, mimeType }: StoredResult): SourceRef['size'] | null {
  if (size === 'original' || thumbnailUrl !== null) return size
  return mimeType.startsWith('image/') ? 'original' : null
}

/** The source of a file, if `servedSize` allows fetching it. */
export function sourceOf(size: SourceRef['size'], { url, thumbnailUrl, bytes, sha256 }: AddressedResult): Source {
  const limits = { limit: sizeLimits[size], timeLimitMs: timeLimitsMs[size] }
  return size === 'thumbnail'
    ? { ...limits, address: thumbnailUrl as string, length: null, sha256: null }
    : { ...limits, address: url, length: bytes, sha256 }
}
