import type { TileSize } from '../../shared/values.ts'

const sides: Record<TileSize, number> = { tile240: 240, tile480: 480 }
/** A tile shows a long or tall picture cropped, so its shorter side must not become too small. */
const minShorterSide = 0.64
/** Below this many times its pixels, a picture is not worth a copy. */
const worthwhile = 1.5

export interface PictureSize {
  width: number
  height: number
}

/** The tile pictures that this screen needs. */
export const tileSizeOf = (devicePixelRatio: number): TileSize => (devicePixelRatio < 1.5 ? 'tile240' : 'tile480')

/** The size in pixels of the tile picture of a picture; null if the picture is small enough itself. */
export function shrunk({ width, height }: PictureSize, size: TileSize): PictureSize | null {
  const side = sides[size]
  const scale = Math.max(side / Math.sqrt(width * height), (minShorterSide * side) / Math.min(width, height))
  if (!(scale * scale * worthwhile < 1)) return null
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
