import type { FoundJob } from '../../shared/views.ts'
import { jobKey } from './list-page.ts'

/** A job in its place, in pixels from the left edge of the gallery. */
export interface Tile {
  job: FoundJob
  key: string
  /** Its place among the jobs of its part. */
  index: number
  left: number
  width: number
}

interface Placed {
  /** Pixels from the top of the part. */
  top: number
  height: number
}
export interface DayRow extends Placed {
  kind: 'day'
  key: string
  /** A moment of the day. */
  at: number
}
export interface JobRow extends Placed {
  kind: 'jobs'
  key: string
  tiles: Tile[]
}
export type Row = DayRow | JobRow

/** The rows of a part of a list. */
export interface PartLayout {
  rows: Row[]
  height: number
  /** The row of each job, by its key. */
  rowOf: ReadonlyMap<string, number>
  /** The local day of the last job. */
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

export const tileGap = 8

/** Width over height of a job's tile: of its first picture within bounds, else what its words need. */
export function tileShape(job: FoundJob): number {
  const [first] = job.results
  if (!first) return 1.3
  if (!/^(image|video)\//.test(first.mimeType)) return 1.2
  const { width, height } = first
  return width && height ? Math.min(2.4, Math.max(0.56, width / height)) : 1
}

export interface LayoutOptions {
  view: View
  measures: Measures
  /** The local day of a moment. */
  dayOf: (at: number) => string
  shapeOf: (job: FoundJob) => number
}

/** Places the jobs of a part, newest first, under headings of their days. `dayBefore` has its heading in an earlier part. */
export function layOutPart(
  jobs: readonly FoundJob[],
  { view, measures, dayOf, shapeOf }: LayoutOptions,
  dayBefore: string | null,
): PartLayout {
  const rows: Row[] = []
  const rowOf = new Map<string, number>()
  let top = 0
  let lastDay = dayBefore
  for (let start = 0; start < jobs.length; ) {
    const at = jobs[start]?.createdAt ?? 0
    const day = dayOf(at)
    let end = start + 1
    while (end < jobs.length && dayOf(jobs[end]?.createdAt ?? 0) === day) end++

    if (day !== lastDay) {
      rows.push({ kind: 'day', key: day, at, top, height: measures.dayHeight })
      top += measures.dayHeight
      lastDay = day
    }
    const ofDay = jobs.slice(start, end)
    const spans = view === 'grid' ? justify(ofDay.map(shapeOf), measures) : ofDay.map(() => wholeRow(measures))
    let index = start
    for (const { widths, height } of spans) {
      const tiles: Tile[] = []
      let left = 0
      for (const width of widths) {
        const job = jobs[index] as FoundJob
        const key = jobKey(job)
        rowOf.set(key, rows.length)
        tiles.push({ job, key, index, left: Math.round(left), width: Math.round(left + width) - Math.round(left) })
        left += width + tileGap
        index++
      }
      rows.push({ kind: 'jobs', key: tiles[0]?.key ?? '', tiles, top, height })
      top += height + (view === 'grid' ? tileGap : 0)
    }
    start = end
  }
  return { rows, height: top, rowOf, lastDay }
}

/** How far apart rows are, as far as one can tell before their jobs are known. */
export const pitchOf = (view: View, { rowHeight, tileMin, tileMax }: Measures): number =>
  view === 'list' ? rowHeight : (tileMin + tileMax) / 2 + tileGap

/** The height of so many jobs that nobody has seen yet, of the shape that others have. */
export function estimateHeight(count: number, view: View, measures: Measures, shape: number): number {
  const pitch = pitchOf(view, measures)
  if (view === 'list') return count * pitch
  const perRow = (measures.width + tileGap) / (shape * (pitch - tileGap) + tileGap)
  return Math.max(1, Math.round(count / perRow)) * pitch
}

interface Span {
  widths: number[]
  height: number
}

const wholeRow = ({ width, rowHeight }: Measures): Span => ({ widths: [width], height: rowHeight })

/** Shapes that stand side by side, from the first up to but without the last, and what they come to. */
interface Run {
  from: number
  to: number
  sum: number
}

/** Fills rows from edge to edge; where no height within the bounds does, pictures lose a little at their edges. */
function justify(shapes: readonly number[], measures: Measures): Span[] {
  const rows: Run[] = []
  let row: Run = { from: 0, to: 0, sum: 0 }
  shapes.forEach((shape, index) => {
    const longer = { from: row.from, to: index + 1, sum: row.sum + shape }
    if (naturalHeight(longer, measures) > measures.tileMax) {
      row = longer
    } else if (row.to > row.from && misfit(row, measures) < misfit(longer, measures)) {
      rows.push(row)
      row = { from: index, to: index + 1, sum: shape }
    } else {
      rows.push(longer)
      row = { from: index + 1, to: index + 1, sum: 0 }
    }
  })
  if (row.to > row.from) rows.push(...balance(shapes, rows.pop()?.from ?? row.from, measures))
  return rows.map((run) => fill(shapes, run, measures))
}

/** Breaks the end of a run in two rows, or none, so that both are as full as they can be. */
function balance(shapes: readonly number[], from: number, measures: Measures): Run[] {
  const to = shapes.length
  const sum = (start: number, end: number) => shapes.slice(start, end).reduce((total, shape) => total + shape, 0)
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

/** The height at which a row fills its width. */
const naturalHeight = ({ from, to, sum }: Run, { width }: Measures): number => (width - tileGap * (to - from - 1)) / sum

/** How far a row is from filling its width within the bounds: 0 fits, 0.1 crops a tenth. */
function misfit(row: Run, measures: Measures): number {
  const height = naturalHeight(row, measures)
  return Math.abs(Math.log(height / clamp(height, measures.tileMin, measures.tileMax)))
}

/** A row that would lose more than this stays as narrow as it is. */
const mostCropped = 0.3

function fill(shapes: readonly number[], row: Run, measures: Measures): Span {
  const { width, tileMin, tileMax } = measures
  const natural = naturalHeight(row, measures)
  const isNarrow = natural > tileMax && misfit(row, measures) > mostCropped
  const scale = isNarrow ? (tileMin + tileMax) / 2 : natural
  const widths = shapes.slice(row.from, row.to).map((shape) => Math.min(width, shape * scale))
  return { widths, height: clamp(scale, tileMin, tileMax) }
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
