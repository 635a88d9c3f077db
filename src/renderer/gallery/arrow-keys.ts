import { countOf, heightOf, type ListLayout, type PlacedTile, rowsBetween, tileAt } from './list-layout.ts'
import type { Tile } from './page-layout.ts'

/** A job to go to, which may lie in a part that has to be read first. */
export interface Target {
  /** Its place in the whole list. */
  place: number
  /** Pixels from the left: of the row that holds it, the job whose middle is nearest. Null for no other than it. */
  x: number | null
}

/** Where a key leads from a job; null for keys that lead nowhere. `page`: pixels in view. */
export function targetOf(
  layout: ListLayout,
  from: PlacedTile,
  key: string,
  ctrl: boolean,
  page: number,
): Target | null {
  const aside = layout.view === 'grid'
  const { tiles } = from.row
  const last = countOf(layout) - 1
  /** The place of a job of the same row. */
  const inRow = (tile: Tile | undefined) => from.place + (tile?.index ?? 0) - from.tile.index
  const x = middle(from.tile)
  switch (key) {
    case 'ArrowRight':
      return aside ? within(layout, { place: from.place + 1, x: null }) : null
    case 'ArrowLeft':
      return aside ? within(layout, { place: from.place - 1, x: null }) : null
    case 'ArrowDown':
      return within(layout, { place: inRow(tiles.at(-1)) + 1, x })
    case 'ArrowUp':
      return within(layout, { place: inRow(tiles[0]) - 1, x })
    case 'Home':
      return { place: ctrl || !aside ? 0 : inRow(tiles[0]), x: null }
    case 'End':
      return { place: ctrl || !aside ? last : inRow(tiles.at(-1)), x: null }
    case 'PageDown':
      return within(layout, { place: Math.max(inRow(tiles.at(-1)) + 1, placeAt(layout, from.top + page)), x })
    case 'PageUp':
      return within(layout, {
        place: Math.min(inRow(tiles[0]) - 1, placeAt(layout, from.top + from.row.height - page)),
        x,
      })
    default:
      return null
  }
}

/** The job that a target names; null where its part is not read. */
export function reach(layout: ListLayout, { place, x }: Target): PlacedTile | null {
  const found = tileAt(layout, place)
  if (!found || x === null) return found
  const distance = (tile: Tile) => Math.abs(middle(tile) - x)
  const tile = found.row.tiles.reduce((best, one) => (distance(one) < distance(best) ? one : best))
  return { ...found, tile, place: place + tile.index - found.tile.index }
}

const within = (layout: ListLayout, target: Target): Target | null =>
  target.place >= 0 && target.place < countOf(layout) ? target : null

const middle = ({ left, width }: Tile): number => left + width / 2

/** The place of the first job of the row at a height; estimated in a part that is not read. */
function placeAt(layout: ListLayout, top: number): number {
  const height = clamp(top, 0, heightOf(layout) - 1)
  const found = rowsBetween(layout, height, height + layout.dayHeight + 1).find(({ row }) => row?.kind !== 'day')
  if (!found) return countOf(layout) - 1
  const [first = 0, after = 0] = layout.firsts.slice(found.part, found.part + 2)
  if (found.row?.kind === 'jobs') return first + (found.row.tiles[0]?.index ?? 0)
  return clamp(first + Math.floor(((height - found.top) / found.height) * (after - first)), first, after - 1)
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
