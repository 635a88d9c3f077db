import { type TileSize, tileSizes } from '../../shared/values.ts'

/** The largest tile in CSS pixels: so high in the Library, so wide and high on the Overview. A larger text size enlarges it. */
const largest = 180
/** Below this many times its pixels, a picture is not worth a copy. */
const worthwhile = 1.5

/** The shorter sides of tile pictures. */
const sides: Record<TileSize, number> = { tile180: 180, tile270: 270, tile360: 360 }

export interface PictureSize {
  width: number
  height: number
}

/** The smallest tile pictures that are sharp on this screen; the largest if none are. */
export const tileSizeOf = (devicePixelRatio: number): TileSize =>
  tileSizes.find((size) => sides[size] >= largest * devicePixelRatio) ?? 'tile360'

/** The size in pixels of the tile picture of a picture; null if the picture is small enough itself. */
export function shrunk({ width, height }: PictureSize, size: TileSize): PictureSize | null {
  const scale = sides[size] / Math.min(width, height)
  if (!(scale * scale * worthwhile < 1)) return null
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
