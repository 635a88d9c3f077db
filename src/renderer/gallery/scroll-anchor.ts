/** What one looks at in a list, and where it is after the list changed. */

import { findTile, heightOf, isLocalDay, type ListLayout, partAt, partOf, rowsBetween, tileAt } from './list-layout.ts'
import { msPerDay, type PlaceInDay } from './list-page.ts'
import { firstFit } from './lower-bound.ts'

/** What stays where it is on screen: a job, the place of one, or, with neither known, the end of the list. */
export interface Place {
  /** The job that is held on to; null for whichever has the place below. */
  key: string | null
  /** Null in a search, and for the end of the list. */
  inDay: PlaceInDay | null
  /** Pixels below the top of the view. */
  distance: number
}

/** What is in view, in pixels from the top of the list. */
export interface Extent {
  top: number
  bottom: number
}

/** The job to hold on to: `anchor` while it is in view, else the first one in view; none at the very top. */
export function placeInView(layout: ListLayout, { top, bottom }: Extent, anchor: string | null): Place | null {
  const anchored = findTile(layout, anchor)
  if (anchored && anchored.top + anchored.row.height > top && anchored.top < bottom) {
    return { key: anchor, inDay: inDay(layout, anchored.part, anchored.tile.index), distance: anchored.top - top }
  }
  if (top <= 0) return null
  const first = rowsBetween(layout, top, bottom).find(({ row }) => row?.kind !== 'day')
  if (!first) return null
  const { part, row } = first
  if (row?.kind === 'jobs') {
    return { key: row.key, inDay: inDay(layout, part, row.tiles[0]?.index ?? 0), distance: first.top - top }
  }
  // Who went to the end of the list stays there, whatever height its last part has.
  if (bottom >= heightOf(layout)) return { key: null, inDay: null, distance: heightOf(layout) - top }
  return { key: null, inDay: inDay(layout, part, 0), distance: first.top - top }
}

function inDay({ parts }: ListLayout, part: number, index: number): PlaceInDay | null {
  const of = parts[part]?.of
  return of ? { day: of.day, before: of.first + index } : null
}

/** Where a place is in pixels from the top, or, where its part is not read (`isExact` false), where it is likely to be. */
export function findPlace(layout: ListLayout, { key, inDay }: Place): { top: number; isExact: boolean } | null {
  const tile = findTile(layout, key)
  if (tile) return { top: tile.top, isExact: true }
  if (layout.parts.length === 0) return null
  if (!inDay) return key === null ? { top: heightOf(layout), isExact: true } : null
  const { day, before } = inDay
  const part = partHolding(layout, day, before)
  const [top = 0, bottom = 0] = layout.tops.slice(part, part + 2)
  const { of = null, count = 0 } = layout.parts[part] ?? {}
  const index = of?.day === day ? Math.max(0, before - of.first) : 0
  if (!layout.layouts[part]) return { top: top + (index / count) * (bottom - top), isExact: false }
  const found = tileAt(layout, (layout.firsts[part] ?? 0) + Math.min(count - 1, index))
  if (!found) return { top, isExact: true }
  // The first job of a day comes with its heading.
  const heading = rowsBetween(layout, found.top - 1, found.top).find((above) => above.row?.kind === 'day')
  return { top: heading?.top ?? found.top, isExact: true }
}

/** The place at which a job of the whole list would stand right below the heading of its day. */
export function placeOf(layout: ListLayout, place: number): Place {
  const part = partOf(layout, place)
  return { key: null, inDay: inDay(layout, part, place - (layout.firsts[part] ?? 0)), distance: layout.dayHeight }
}

/** The place among all jobs of a job of a day, else of the next older one. */
export function placeOfDay(layout: ListLayout, { day, before }: PlaceInDay): number {
  const part = partHolding(layout, day, before)
  const { of = null } = layout.parts[part] ?? {}
  return (layout.firsts[part] ?? 0) + (of?.day === day ? Math.max(0, before - of.first) : 0)
}

/** The part that holds a job of a day, else the first one that is older. */
function partHolding({ parts }: ListLayout, day: number, before: number): number {
  const found = firstFit(parts.length, (index) => {
    const { of, count } = parts[index] ?? {}
    return !of || of.day < day || (of.day === day && of.first + (count ?? 0) > before)
  })
  return Math.min(found, parts.length - 1)
}

/** A day that has a heading, by a part that holds some of it and a moment. */
export interface Heading {
  part: number
  at: number
}

/** The heading of the day to which the rows at a height belong. */
export function headingAt(layout: ListLayout, top: number): Heading | null {
  const part = partAt(layout, top)
  const rows = layout.layouts[part]?.rows
  const { jobs, of } = layout.parts[part] ?? {}
  if (!rows) return of ? { part, at: of.day + msPerDay / 2 } : null
  const under = top - (layout.tops[part] ?? 0)
  const heading = rows.findLast((row) => row.kind === 'day' && row.top <= under)
  const at = heading?.kind === 'day' ? heading.at : jobs?.[0]?.createdAt
  return at === undefined ? null : { part, at }
}

/** How far the heading of the next day pushes the one at the top out of view; zero or less. */
export function pushAt(layout: ListLayout, top: number): number {
  const below = rowsBetween(layout, top, top + layout.dayHeight)
  const next = below.find((one) => one.row?.kind === 'day' && one.top > top)
  return next ? next.top - top - next.height : 0
}

/** How many jobs the day of a heading has; null where more of them may follow than are known. */
export function countOfDay(layout: ListLayout, { part, at }: Heading, more: boolean): number | null {
  const { parts, dayOf } = layout
  const of = parts[part]?.of
  if (of && isLocalDay(layout, of.day)) return of.jobs
  const day = dayOf(at)
  let count = 0
  for (const step of [-1, 1]) {
    for (let index = step === 1 ? part : part - 1; index >= 0; index += step) {
      if (index === parts.length && !more) break
      const jobs = parts[index]?.jobs
      if (!jobs) return null
      count += jobs.filter((job) => dayOf(job.createdAt) === day).length
      const edge = step === 1 ? jobs.at(-1) : jobs[0]
      if (edge && dayOf(edge.createdAt) !== day) break
    }
  }
  return count
}
