/** Scroll anchoring: keeps the visible item in place on screen when the list changes. */

import { findTile, heightOf, isLocalDay, type ListLayout, pageAt, pageOf, rowsBetween, tileAt } from './list-layout.ts'
import { type DayPosition, msPerDay } from './list-page.ts'
import { lowerBound } from './lower-bound.ts'

/**
 * The anchor that stays in place on screen: an item, a position in a day, or, if neither is known, the end of the list.
 */
export interface ScrollAnchor {
  /** The item that stays in place; null for the item at `inDay`. */
  key: string | null
  /** Null in a search, and for the end of the list. */
  inDay: DayPosition | null
  /** Pixels below the top of the viewport. */
  distance: number
}

/** The visible range, in pixels from the top of the list. */
export interface Viewport {
  top: number
  bottom: number
}

/** The anchor for a viewport: the item `anchor` if it is visible, else the first visible item; none at the very top. */
export function anchorInView(
  layout: ListLayout<unknown>,
  { top, bottom }: Viewport,
  anchor: string | null,
): ScrollAnchor | null {
  const anchored = findTile(layout, anchor)
  if (anchored && anchored.top + anchored.row.height > top && anchored.top < bottom) {
    return { key: anchor, inDay: inDay(layout, anchored.page, anchored.tile.index), distance: anchored.top - top }
  }
  if (top <= 0) return null
  const first = rowsBetween(layout, top, bottom).find(({ row }) => row?.kind !== 'day')
  if (!first) return null
  const { page, row } = first
  if (row?.kind === 'items') {
    return { key: row.key, inDay: inDay(layout, page, row.tiles[0]?.index ?? 0), distance: first.top - top }
  }
  // At the end of the list the end stays in place, because the height of the last page is an estimate.
  if (bottom >= heightOf(layout)) return { key: null, inDay: null, distance: heightOf(layout) - top }
  return { key: null, inDay: inDay(layout, page, 0), distance: first.top - top }
}

function inDay({ pages }: ListLayout<unknown>, page: number, index: number): DayPosition | null {
  const of = pages[page]?.of
  return of ? { day: of.day, before: of.first + index } : null
}

/**
 * The top of an anchor in pixels; an estimate (`isExact` false) if its page is not loaded. Null if it left the list.
 */
export function locateAnchor(
  layout: ListLayout<unknown>,
  { key, inDay }: ScrollAnchor,
): { top: number; isExact: boolean } | null {
  const tile = findTile(layout, key)
  if (tile) return { top: tile.top, isExact: true }
  if (layout.pages.length === 0) return null
  if (!inDay) return key === null ? { top: heightOf(layout), isExact: true } : null
  const { day, before } = inDay
  const page = pageHolding(layout, day, before)
  const [top = 0, bottom = 0] = layout.offsets.slice(page, page + 2)
  const { of = null, count = 0 } = layout.pages[page] ?? {}
  const index = of?.day === day ? Math.max(0, before - of.first) : 0
  if (!layout.layouts[page]) return { top: top + (index / count) * (bottom - top), isExact: false }
  const found = tileAt(layout, (layout.startIndexes[page] ?? 0) + Math.min(count - 1, index))
  if (!found) return { top, isExact: true }
  // The heading of a day belongs to its first item.
  const heading = rowsBetween(layout, found.top - 1, found.top).find((above) => above.row?.kind === 'day')
  return { top: heading?.top ?? found.top, isExact: true }
}

/** The anchor that puts the item at an index right below the heading of its day. */
export function anchorAt(layout: ListLayout<unknown>, index: number): ScrollAnchor {
  const page = pageOf(layout, index)
  return { key: null, inDay: inDay(layout, page, index - (layout.startIndexes[page] ?? 0)), distance: layout.dayHeight }
}

/** The index in the list of a position in a day; of the next older item if the day has none. */
export function indexOfDay(layout: ListLayout<unknown>, { day, before }: DayPosition): number {
  const page = pageHolding(layout, day, before)
  const { of = null } = layout.pages[page] ?? {}
  return (layout.startIndexes[page] ?? 0) + (of?.day === day ? Math.max(0, before - of.first) : 0)
}

/** The page that holds a position in a day, else the first older page. */
function pageHolding({ pages }: ListLayout<unknown>, day: number, before: number): number {
  const found = lowerBound(pages.length, (index) => {
    const { of, count } = pages[index] ?? {}
    return !of || of.day < day || (of.day === day && of.first + (count ?? 0) > before)
  })
  return Math.min(found, pages.length - 1)
}

/** The heading of a day: a page that holds some of the day, and a time of the day. */
export interface Heading {
  page: number
  at: number
}

/** The heading of the day at a height. */
export function headingAt<Item>(layout: ListLayout<Item>, top: number): Heading | null {
  const page = pageAt(layout, top)
  const rows = layout.layouts[page]?.rows
  const { items, of } = layout.pages[page] ?? {}
  if (!rows) return of ? { page, at: of.day + msPerDay / 2 } : null
  const under = top - (layout.offsets[page] ?? 0)
  const heading = rows.findLast((row) => row.kind === 'day' && row.top <= under)
  const at = heading?.kind === 'day' ? heading.at : items?.[0] && layout.timeOf(items[0])
  return at === undefined ? null : { page, at }
}

/** How far the next heading pushes the one at the top out of the viewport, in pixels; zero or less. */
export function headingShiftAt(layout: ListLayout<unknown>, top: number): number {
  const below = rowsBetween(layout, top, top + layout.dayHeight)
  const next = below.find((one) => one.row?.kind === 'day' && one.top > top)
  return next ? next.top - top - next.height : 0
}

/** The number of items of a day; null if a part of the day is not loaded. */
export function countOfDay<Item>(layout: ListLayout<Item>, { page, at }: Heading, more: boolean): number | null {
  const { pages, dayOf, timeOf } = layout
  const of = pages[page]?.of
  if (of && isLocalDay(layout, of.day)) return of.total
  const day = dayOf(at)
  const isOfDay = (item: Item | undefined) => item === undefined || dayOf(timeOf(item)) === day
  let count = 0
  for (const step of [-1, 1]) {
    for (let index = page; index >= 0; index += step) {
      if (index === pages.length && !more) break
      const items = pages[index]?.items
      if (!items) return null
      const [near, far] = step === 1 ? [items[0], items.at(-1)] : [items.at(-1), items[0]]
      // A search has days twice if a second choice follows its exact matches.
      if (index !== page && !isOfDay(near)) break
      if (index !== page || step === 1) count += items.filter(isOfDay).length
      if (!isOfDay(far)) break
    }
  }
  return count
}
