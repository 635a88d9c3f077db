import type { ItemTraits } from './list-page.ts'

/** An item with its horizontal position, in pixels from the left edge of the gallery. */
export interface Tile<Item> {
  item: Item
  key: string
  /** Its index among the items of its page. */
  index: number
  left: number
  width: number
}

interface Placed {
  /** Pixels from the top of the page. */
  top: number
  height: number
}
export interface DayRow extends Placed {
  kind: 'day'
  key: string
  /** The time of the first item of the day. */
  at: number
}
export interface ItemRow<Item> extends Placed {
  kind: 'items'
  key: string
  tiles: Tile<Item>[]
}
export type Row<Item> = DayRow | ItemRow<Item>

/** The rows of one page. */
export interface PageLayout<Item> {
  rows: Row<Item>[]
  height: number
  /** The index of the row of each item, by the key of the item. */
  rowOf: ReadonlyMap<string, number>
  /** The local day of the last item. */
  lastDay: string | null
}

export type View = 'grid' | 'list'

/** Measures of a gallery in pixels. */
export interface Measures {
  width: number
  dayHeight: number
  /** Height of a row of the list. */
  rowHeight: number
  /** Bounds of the height of a row of the grid. */
  tileMin: number
  tileMax: number
}

const tileGap = 8

export interface LayoutOptions<Item> extends Pick<ItemTraits<Item>, 'keyOf' | 'timeOf' | 'aspectRatioOf'> {
  view: View
  measures: Measures
  /** The local day of a time, such as `2026-01-28`. */
  dayOf: (at: number) => string
}

/**
 * Lays out the items of a page, newest first, under headings of their days. `dayBefore` has its heading in an earlier
 * page.
 */
export function layOutPage<Item>(
  items: readonly Item[],
  { view, measures, dayOf, keyOf, timeOf, aspectRatioOf }: LayoutOptions<Item>,
  dayBefore: string | null,
): PageLayout<Item> {
  const days = items.map((item) => dayOf(timeOf(item)))
  const rows: Row<Item>[] = []
  const rowOf = new Map<string, number>()
  let top = 0
  let lastDay = dayBefore
  for (let start = 0; start < items.length; ) {
    const at = timeOf(items[start] as Item)
    const day = days[start] as string
    let end = start + 1
    while (end < items.length && days[end] === day) end++

    if (day !== lastDay) {
      rows.push({ kind: 'day', key: day, at, top, height: measures.dayHeight })
      top += measures.dayHeight
      lastDay = day
    }
    const ofDay = items.slice(start, end)
    const fits = view === 'grid' ? justify(ofDay.map(aspectRatioOf), measures) : ofDay.map(() => wholeRow(measures))
    let index = start
    for (const { widths, height } of fits) {
      const tiles: Tile<Item>[] = []
      let left = 0
      for (const width of widths) {
        const item = items[index] as Item
        const key = keyOf(item)
        rowOf.set(key, rows.length)
        tiles.push({ item, key, index, left: Math.round(left), width: Math.round(left + width) - Math.round(left) })
        left += width + tileGap
        index++
      }
      rows.push({ kind: 'items', key: tiles[0]?.key ?? '', tiles, top, height })
      top += height + (view === 'grid' ? tileGap : 0)
    }
    start = end
  }
  return { rows, height: top, rowOf, lastDay }
}

/** The distance between the tops of two rows, estimated for items that are not loaded. */
export const pitchOf = (view: View, { rowHeight, tileMin, tileMax }: Measures): number =>
  view === 'list' ? rowHeight : (tileMin + tileMax) / 2 + tileGap

/** The estimated height of `count` items that are not loaded, if their mean aspect ratio is `aspectRatio`. */
export function estimateHeight(count: number, view: View, measures: Measures, aspectRatio: number): number {
  const pitch = pitchOf(view, measures)
  if (view === 'list') return count * pitch
  const perRow = (measures.width + tileGap) / (aspectRatio * (pitch - tileGap) + tileGap)
  return Math.max(1, Math.round(count / perRow)) * pitch
}

/** How the items of a row fit into it. */
interface RowFit {
  widths: number[]
  height: number
}

const wholeRow = ({ width, rowHeight }: Measures): RowFit => ({ widths: [width], height: rowHeight })

/** Consecutive aspect ratios, `to` exclusive, and their sum. */
interface Run {
  from: number
  to: number
  sum: number
}

/** Fills rows from edge to edge. If no height within the bounds fits, pictures are cropped a little. */
function justify(ratios: readonly number[], measures: Measures): RowFit[] {
  const rows: Run[] = []
  let row: Run = { from: 0, to: 0, sum: 0 }
  ratios.forEach((ratio, index) => {
    const longer = { from: row.from, to: index + 1, sum: row.sum + ratio }
    if (naturalHeight(longer, measures) > measures.tileMax) {
      row = longer
    } else if (row.to > row.from && misfit(row, measures) < misfit(longer, measures)) {
      rows.push(row)
      row = { from: index, to: index + 1, sum: ratio }
    } else {
      rows.push(longer)
      row = { from: index + 1, to: index + 1, sum: 0 }
    }
  })
  if (row.to > row.from) rows.push(...balance(ratios, rows.pop()?.from ?? row.from, measures))
  return rows.map((run) => fill(ratios, run, measures))
}

/** Breaks the last run into at most two rows that are as full as possible. */
function balance(ratios: readonly number[], from: number, measures: Measures): Run[] {
  const to = ratios.length
  const sum = (start: number, end: number) => ratios.slice(start, end).reduce((total, ratio) => total + ratio, 0)
  let best: Run[] = [{ from, to, sum: sum(from, to) }]
  const cost = (rows: Run[]) => rows.reduce((total, row) => total + misfit(row, measures), 0)
  for (let at = to - 1; at > from; at--) {
    const broken = [
      { from, to: at, sum: sum(from, at) },
      { from: at, to, sum: sum(at, to) },
    ]
    if (cost(broken) < cost(best)) best = broken
  }
  return best
}

/** The height at which a row fills the width without cropping. */
const naturalHeight = ({ from, to, sum }: Run, { width }: Measures): number => (width - tileGap * (to - from - 1)) / sum

/** The share that must be cropped, on a log scale: 0 fits, 0.1 crops about a tenth. */
function misfit(row: Run, measures: Measures): number {
  const height = naturalHeight(row, measures)
  return Math.abs(Math.log(height / clamp(height, measures.tileMin, measures.tileMax)))
}

/** A row that would be cropped by more than this is not stretched to the full width. */
const maxCroppedShare = 0.3

function fill(ratios: readonly number[], row: Run, measures: Measures): RowFit {
  const { width, tileMin, tileMax } = measures
  const natural = naturalHeight(row, measures)
  const isNarrow = natural > tileMax && misfit(row, measures) > maxCroppedShare
  const scale = isNarrow ? (tileMin + tileMax) / 2 : natural
  const widths = ratios.slice(row.from, row.to).map((ratio) => Math.min(width, ratio * scale))
  return { widths, height: clamp(scale, tileMin, tileMax) }
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
