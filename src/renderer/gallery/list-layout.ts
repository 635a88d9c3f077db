import { type ListPage, msPerDay } from './list-page.ts'
import { lowerBound } from './lower-bound.ts'
import {
  estimateHeight,
  type ItemRow,
  type LayoutOptions,
  layOutPage,
  type PageLayout,
  pitchOf,
  type Row,
  type Tile,
  type View,
} from './page-layout.ts'

/** The aspect ratio that is assumed before an item is loaded. */
const usualAspectRatio = 1.2

/** A list in its full height: loaded pages in rows, the other ones with estimated heights. */
export interface ListLayout<Item> {
  view: View
  dayHeight: number
  /** The estimated distance between the tops of two rows, for placeholders. */
  pitch: number
  /** The local day of a time. */
  dayOf: (at: number) => string
  // A method, so that functions that ignore the items accept a layout of any item type.
  timeOf(item: Item): number
  pages: readonly ListPage<Item>[]
  /** The rows of each page; null until it is loaded. */
  layouts: readonly (PageLayout<Item> | null)[]
  /** The indexes of the loaded pages. */
  loaded: readonly number[]
  /** The top of each page in pixels from the top of the list, and the end of the last page. */
  offsets: readonly number[]
  /** The index in the list of the first item of each page, and the number of all items. */
  startIndexes: readonly number[]
}

export const emptyLayout: ListLayout<never> = {
  view: 'grid',
  dayHeight: 0,
  pitch: 0,
  dayOf: String,
  timeOf: () => 0,
  pages: [],
  layouts: [],
  loaded: [],
  offsets: [0],
  startIndexes: [0],
}

export const heightOf = ({ offsets }: Pick<ListLayout<unknown>, 'offsets'>): number => offsets.at(-1) ?? 0
export const countOf = ({ startIndexes }: Pick<ListLayout<unknown>, 'startIndexes'>): number => startIndexes.at(-1) ?? 0

/** Lays out a list. `layOut` may return a cached layout: the rows of a page depend on nothing but its arguments. */
export function layOutList<Item>(
  pages: readonly ListPage<Item>[],
  options: LayoutOptions<Item>,
  layOut: typeof layOutPage<Item> = layOutPage,
): ListLayout<Item> {
  const { view, measures, aspectRatioOf, dayOf, timeOf } = options
  const sample = pages[0]?.items ?? []
  const sum = sample.reduce((total, item) => total + aspectRatioOf(item), 0)
  const aspectRatio = sample.length > 0 ? sum / sample.length : usualAspectRatio
  const pitch = pitchOf(view, measures)
  const layouts: (PageLayout<Item> | null)[] = []
  const loaded: number[] = []
  const offsets = [0]
  const startIndexes = [0]
  let top = 0
  let first = 0
  for (const [index, page] of pages.entries()) {
    const { items, count, of } = page
    const before = layouts[index - 1]?.lastDay ?? (index === 0 ? null : likelyDayBefore(page, options))
    const layout = items && layOut(items, options, before)
    const heading = of?.first === 0 ? measures.dayHeight : 0
    if (layout) loaded.push(index)
    layouts.push(layout)
    top += layout?.height ?? heading + estimateHeight(count, view, measures, aspectRatio)
    first += count
    offsets.push(top)
    startIndexes.push(first)
  }
  return { view, dayHeight: measures.dayHeight, pitch, dayOf, timeOf, pages, layouts, loaded, offsets, startIndexes }
}

/** The local day with which the previous page, which is not loaded, probably ends. */
function likelyDayBefore<Item>({ items, of }: ListPage<Item>, { dayOf, timeOf }: LayoutOptions<Item>): string | null {
  const [item] = items ?? []
  if (!item || !of) return null
  return dayOf(of.first === 0 ? of.day + msPerDay : timeOf(item))
}

/** Whether a day by which the history is counted is also a day in the user's time zone. */
export const isLocalDay = ({ dayOf }: Pick<ListLayout<unknown>, 'dayOf'>, day: number): boolean =>
  dayOf(day) === dayOf(day + msPerDay - 1)

/** A row with its position in the list or, if `row` is null, the placeholder of a whole page. */
export interface PlacedRow<Item> {
  page: number
  row: Row<Item> | null
  /** Pixels from the top of the list. */
  top: number
  height: number
}

/** The rows that intersect `top` to `bottom`, from the top down. */
export function rowsBetween<Item>(layout: ListLayout<Item>, top: number, bottom: number): PlacedRow<Item>[] {
  const found: PlacedRow<Item>[] = []
  for (let page = pageAt(layout, top); page < layout.pages.length && at(layout.offsets, page) < bottom; page++) {
    const start = at(layout.offsets, page)
    const rows = layout.layouts[page]?.rows
    if (!rows) {
      const end = at(layout.offsets, page + 1)
      if (end > top) found.push({ page, row: null, top: start, height: end - start })
      continue
    }
    for (let index = lowerBound(rows.length, (one) => start + endOf(rows[one]) > top); index < rows.length; index++) {
      const row = rows[index] as Row<Item>
      if (start + row.top >= bottom) break
      found.push({ page, row, top: start + row.top, height: row.height })
    }
  }
  return found
}

const endOf = (row: Row<unknown> | undefined): number => (row ? row.top + row.height : 0)

/** The page at a height; the first or the last page for heights outside of the list. */
export const pageAt = ({ offsets, pages }: ListLayout<unknown>, top: number): number =>
  Math.min(
    Math.max(0, pages.length - 1),
    Math.max(0, lowerBound(offsets.length, (index) => at(offsets, index) > top) - 1),
  )

/** The page that holds the item at an index of the list. */
export const pageOf = ({ startIndexes, pages }: ListLayout<unknown>, index: number): number =>
  Math.min(pages.length - 1, lowerBound(startIndexes.length, (page) => at(startIndexes, page) > index) - 1)

/** An item with its position in the list. */
export interface PlacedTile<Item> {
  tile: Tile<Item>
  row: ItemRow<Item>
  page: number
  /** Its index in the whole list. */
  index: number
  /** Pixels from the top of the list. */
  top: number
}

/** The items of rows, in order. */
export const tilesOf = <Item>(
  { startIndexes }: ListLayout<Item>,
  rows: readonly PlacedRow<Item>[],
): PlacedTile<Item>[] =>
  rows.flatMap(({ page, row, top }) =>
    row?.kind === 'items'
      ? row.tiles.map((tile) => ({ tile, row, page, index: at(startIndexes, page) + tile.index, top }))
      : [],
  )

/** Finds an item by its key; null if its page is not loaded. */
export function findTile<Item>(layout: ListLayout<Item>, key: string | null): PlacedTile<Item> | null {
  if (key === null) return null
  const page = layout.loaded.find((one) => layout.layouts[one]?.rowOf.has(key)) ?? -1
  return placedTile(layout, page, layout.layouts[page]?.rowOf.get(key) ?? -1, (tile) => tile.key === key)
}

/** The item at an index of the list; null if its page is not loaded. */
export function tileAt<Item>(layout: ListLayout<Item>, index: number): PlacedTile<Item> | null {
  const page = pageOf(layout, index)
  const fits = (tile: Tile<Item>) => tile.index === index - at(layout.startIndexes, page)
  const row = layout.layouts[page]?.rows.findIndex((one) => one.kind === 'items' && one.tiles.some(fits))
  return placedTile(layout, page, row ?? -1, fits)
}

function placedTile<Item>(
  layout: ListLayout<Item>,
  page: number,
  rowIndex: number,
  fits: (tile: Tile<Item>) => boolean,
): PlacedTile<Item> | null {
  const row = layout.layouts[page]?.rows[rowIndex]
  const tile = row?.kind === 'items' ? row.tiles.find(fits) : undefined
  if (row?.kind !== 'items' || !tile) return null
  return { tile, row, page, index: at(layout.startIndexes, page) + tile.index, top: at(layout.offsets, page) + row.top }
}

const at = (numbers: readonly number[], index: number): number => numbers[index] ?? 0
