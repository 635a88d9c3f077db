import { msPerDay, type Part } from './list-page.ts'
import { firstFit } from './lower-bound.ts'
import {
  estimateHeight,
  type JobRow,
  type LayoutOptions,
  layOutPart,
  type PartLayout,
  pitchOf,
  type Row,
  type Tile,
  type View,
} from './page-layout.ts'

/** The shape of a tile before any is known. */
const usualShape = 1.2

/** A list in its full height: parts that were read in rows, the others as high as they are likely to be. */
export interface ListLayout {
  view: View
  dayHeight: number
  /** How far apart rows are where nothing is read. */
  pitch: number
  /** The local day of a moment. */
  dayOf: (at: number) => string
  parts: readonly Part[]
  /** The rows of each part; null before it is read. */
  layouts: readonly (PartLayout | null)[]
  /** The parts that were read. */
  read: readonly number[]
  /** Where each part begins in pixels, and the end of the last. */
  tops: readonly number[]
  /** How many jobs come before each part, and after the last. */
  firsts: readonly number[]
}

export const emptyLayout: ListLayout = {
  view: 'grid',
  dayHeight: 0,
  pitch: 0,
  dayOf: String,
  parts: [],
  layouts: [],
  read: [],
  tops: [0],
  firsts: [0],
}

export const heightOf = ({ tops }: ListLayout): number => tops.at(-1) ?? 0
export const countOf = ({ firsts }: ListLayout): number => firsts.at(-1) ?? 0

/** Places a list. `layOut` may answer what it remembers: the rows of a part depend on nothing but its arguments. */
export function layOutList(
  parts: readonly Part[],
  options: LayoutOptions,
  layOut: typeof layOutPart = layOutPart,
): ListLayout {
  const { view, measures, shapeOf, dayOf } = options
  const seen = parts[0]?.jobs ?? []
  const shape = seen.length > 0 ? seen.reduce((sum, job) => sum + shapeOf(job), 0) / seen.length : usualShape
  const pitch = pitchOf(view, measures)
  const layouts: (PartLayout | null)[] = []
  const read: number[] = []
  const tops = [0]
  const firsts = [0]
  let top = 0
  let first = 0
  for (const [index, part] of parts.entries()) {
    const { jobs, count, of } = part
    const before = layouts[index - 1]?.lastDay ?? (index === 0 ? null : likelyDayBefore(part, dayOf))
    const layout = jobs && layOut(jobs, options, before)
    const heading = of?.first === 0 ? measures.dayHeight : 0
    if (layout) read.push(index)
    layouts.push(layout)
    top += layout?.height ?? heading + estimateHeight(count, view, measures, shape)
    first += count
    tops.push(top)
    firsts.push(first)
  }
  return { view, dayHeight: measures.dayHeight, pitch, dayOf, parts, layouts, read, tops, firsts }
}

/** The local day with which the part before one probably ends: its jobs are of a later day in Korea, or of the same. */
function likelyDayBefore({ jobs, of }: Part, dayOf: (at: number) => string): string | null {
  const [job] = jobs ?? []
  if (!job || !of) return null
  return dayOf(of.first === 0 ? of.day + msPerDay : job.createdAt)
}

/** Whether a day in Korea is a day of the user as well. */
export const isLocalDay = ({ dayOf }: ListLayout, day: number): boolean => dayOf(day) === dayOf(day + msPerDay - 1)

/** A row in its place in the list, or, with `row` null, a whole part that is not read. */
export interface PlacedRow {
  part: number
  row: Row | null
  /** Pixels from the top of the list. */
  top: number
  height: number
}

/** The rows that lie between two heights, from the top down. */
export function rowsBetween(layout: ListLayout, top: number, bottom: number): PlacedRow[] {
  const found: PlacedRow[] = []
  for (let part = partAt(layout, top); part < layout.parts.length && at(layout.tops, part) < bottom; part++) {
    const start = at(layout.tops, part)
    const rows = layout.layouts[part]?.rows
    if (!rows) {
      const end = at(layout.tops, part + 1)
      if (end > top) found.push({ part, row: null, top: start, height: end - start })
      continue
    }
    for (let index = firstFit(rows.length, (one) => start + endOf(rows[one]) > top); index < rows.length; index++) {
      const row = rows[index] as Row
      if (start + row.top >= bottom) break
      found.push({ part, row, top: start + row.top, height: row.height })
    }
  }
  return found
}

const endOf = (row: Row | undefined): number => (row ? row.top + row.height : 0)

/** The part at a height; the first or the last for heights beyond the list. */
export const partAt = ({ tops, parts }: ListLayout, top: number): number =>
  Math.min(Math.max(0, parts.length - 1), Math.max(0, firstFit(tops.length, (index) => at(tops, index) > top) - 1))

/** The part that holds the job at a place of the whole list. */
export const partOf = ({ firsts, parts }: ListLayout, place: number): number =>
  Math.min(parts.length - 1, firstFit(firsts.length, (index) => at(firsts, index) > place) - 1)

/** A job in its place in the list. */
export interface PlacedTile {
  tile: Tile
  row: JobRow
  part: number
  /** Its place among all jobs. */
  place: number
  /** Pixels from the top of the list. */
  top: number
}

/** The jobs of rows, in order. */
export const tilesOf = ({ firsts }: ListLayout, rows: readonly PlacedRow[]): PlacedTile[] =>
  rows.flatMap(({ part, row, top }) =>
    row?.kind === 'jobs'
      ? row.tiles.map((tile) => ({ tile, row, part, place: at(firsts, part) + tile.index, top }))
      : [],
  )

/** Finds a job by its key; null where its part is not read. */
export function findTile(layout: ListLayout, key: string | null): PlacedTile | null {
  if (key === null) return null
  const part = layout.read.find((one) => layout.layouts[one]?.rowOf.has(key)) ?? -1
  return placeIn(layout, part, layout.layouts[part]?.rowOf.get(key) ?? -1, (tile) => tile.key === key)
}

/** The job at a place of the whole list; null where its part is not read. */
export function tileAt(layout: ListLayout, place: number): PlacedTile | null {
  const part = partOf(layout, place)
  const fits = (tile: Tile) => tile.index === place - at(layout.firsts, part)
  const row = layout.layouts[part]?.rows.findIndex((one) => one.kind === 'jobs' && one.tiles.some(fits))
  return placeIn(layout, part, row ?? -1, fits)
}

function placeIn(layout: ListLayout, part: number, index: number, fits: (tile: Tile) => boolean): PlacedTile | null {
  const row = layout.layouts[part]?.rows[index]
  const tile = row?.kind === 'jobs' ? row.tiles.find(fits) : undefined
  if (row?.kind !== 'jobs' || !tile) return null
  return { tile, row, part, place: at(layout.firsts, part) + tile.index, top: at(layout.tops, part) + row.top }
}

const at = (numbers: readonly number[], index: number): number => numbers[index] ?? 0
