import { countOf, heightOf, type ListLayout, type PlacedTile, rowsBetween, tileAt } from './list-layout.ts'
import type { Tile } from './page-layout.ts'

/** An item to go to. Its page may have to be loaded first. */
export interface Target {
  /** Its index in the whole list. */
  index: number
  /** Pixels from the left: selects the item of that row whose middle is nearest. Null selects the item at `index`. */
  x: number | null
}

/** The item to which a key moves from another item; null for other keys. `viewHeight`: pixels of the viewport. */
export function targetOf<Item>(
  layout: ListLayout<Item>,
  from: PlacedTile<Item>,
  key: string,
  ctrl: boolean,
  viewHeight: number,
): Target | null {
  const aside = layout.view === 'grid'
  const { tiles } = from.row
  const last = countOf(layout) - 1
  /** The index in the list of an item of the same row. */
  const inRow = (tile: Tile<Item> | undefined) => from.index + (tile?.index ?? 0) - from.tile.index
  const x = middle(from.tile)
  switch (key) {
    case 'ArrowRight':
      return aside ? within(layout, { index: from.index + 1, x: null }) : null
    case 'ArrowLeft':
      return aside ? within(layout, { index: from.index - 1, x: null }) : null
    case 'ArrowDown':
      return within(layout, { index: inRow(tiles.at(-1)) + 1, x })
    case 'ArrowUp':
      return within(layout, { index: inRow(tiles[0]) - 1, x })
    case 'Home':
      return { index: ctrl || !aside ? 0 : inRow(tiles[0]), x: null }
    case 'End':
      return { index: ctrl || !aside ? last : inRow(tiles.at(-1)), x: null }
    case 'PageDown':
      return within(layout, { index: Math.max(inRow(tiles.at(-1)) + 1, indexAt(layout, from.top + viewHeight)), x })
    case 'PageUp':
      return within(layout, {
        index: Math.min(inRow(tiles[0]) - 1, indexAt(layout, from.top + from.row.height - viewHeight)),
        x,
      })
    default:
      return null
  }
}

/** The item that a target selects; null if its page is not loaded. */
export function tileOfTarget<Item>(layout: ListLayout<Item>, { index, x }: Target): PlacedTile<Item> | null {
  const found = tileAt(layout, index)
  if (!found || x === null) return found
  const distance = (tile: Tile<Item>) => Math.abs(middle(tile) - x)
  const tile = found.row.tiles.reduce((best, one) => (distance(one) < distance(best) ? one : best))
  return { ...found, tile, index: index + tile.index - found.tile.index }
}

const within = (layout: ListLayout<unknown>, target: Target): Target | null =>
  target.index >= 0 && target.index < countOf(layout) ? target : null

const middle = ({ left, width }: Tile<unknown>): number => left + width / 2

/** The index of the first item of the row at a height; an estimate in a page that is not loaded. */
function indexAt(layout: ListLayout<unknown>, top: number): number {
  const height = clamp(top, 0, heightOf(layout) - 1)
  const found = rowsBetween(layout, height, height + layout.dayHeight + 1).find(({ row }) => row?.kind !== 'day')
  if (!found) return countOf(layout) - 1
  const [first = 0, after = 0] = layout.startIndexes.slice(found.page, found.page + 2)
  if (found.row?.kind === 'items') return first + (found.row.tiles[0]?.index ?? 0)
  return clamp(first + Math.floor(((height - found.top) / found.height) * (after - first)), first, after - 1)
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
