import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { MediaRef } from '../../shared/bridge.ts'
import { type TileSize, tileSizes } from '../../shared/values.ts'
import type { Log } from '../ports.ts'
import { isAddressed, type StoredResult } from '../store/jobs/results.ts'
import type { MediaCache } from './cache.ts'
import { mediaName } from './folders.ts'
import { provenType } from './media-type.ts'

/** A tile picture, named by its result. */
export type TileRef = MediaRef & { size: TileSize }

export const isTile = (ref: MediaRef): ref is TileRef => isTileSize(ref.size)
export const isTileSize = (size: MediaRef['size']): size is TileSize => tileSizes.some((known) => known === size)

export const tileType = 'image/webp'
const digestBytes = 32
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/**
 * The tile pictures in the cache. The page makes them, because it decodes pictures anyway. A file begins with the SHA-256 of its
 * picture, so that damage is found before the page shows it.
 */
export function createTilePictures(cache: MediaCache | null, log: Log) {
  return {
    /** The picture as WebP; null if it is not cached, or damaged and therefore removed. */
    async find(result: StoredResult, ref: TileRef): Promise<Uint8Array | null> {
      const name = nameOf(result, ref)
      const path = cache?.find(name)
      if (!path) return null
      const file = await readFile(path).catch(() => Buffer.alloc(0))
      const picture = file.subarray(digestBytes)
      if (digestOf(picture).equals(file.subarray(0, digestBytes))) return picture
      cache?.remove(name)
      log.warn('tile_picture_damaged')
      return null
    },
    /** Caches a picture that the page made. False if it cannot be cached or is no WebP. */
    async keep(result: StoredResult, ref: TileRef, picture: Uint8Array): Promise<boolean> {
      if (!cache || (await provenType(picture)) !== tileType) return false
      const file = Buffer.concat([digestOf(picture), picture])
      return cache.write(nameOf(result, ref), file).then(
        () => true,
        (error) => {
          log.warn('media_not_cached', { error: String(error) })
          return false
        },
      )
    },
  }
}

/** The name of a tile picture. A file of a folder is named by its content, because it may change under the same name. */
const nameOf = (result: StoredResult, ref: TileRef) =>
  mediaName(result, isAddressed(result) ? ref : { ...ref, resultId: String(result.sha256) })
