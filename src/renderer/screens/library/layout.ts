import type { FoundJob } from '../../../shared/views.ts'

/** A job in its place, in pixels from the left edge of the gallery. */
export interface Tile {
  job: FoundJob
  key: string
  /** Its place among all jobs of the list. */
  index: number
  left: number
  width: number
}

interface Placed {
  /** Pixels from the top of the gallery. */
  top: number
  height: number
}
export interface DayRow extends Placed {
  kind: 'day'
  key: string
  /** A moment of the day. */
  at: number
  /** The jobs of the day; null while more of it may follow. */
  count: number | null
}
export interface JobRow extends Placed {
  kind: 'jobs'
  key: string
  tiles: Tile[]
}
export type Row = DayRow | JobRow

export interface Layout {
  view: 'grid' | 'list'
  rows: Row[]
  height: number
  /** The row of each job, by its key. */
  rowOf: ReadonlyMap<string, number>
  /** Jobs in the list. */
  count: number
}

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

export const jobKey = ({ agent, jobId }: { agent: string; jobId: string }): string => `${agent}/${jobId}`

/** Width over height of a job's tile: of its first picture within bounds, else what its words need. */
export function tileShape(job: FoundJob): number {
  const [first] = job.results
  if (!first) return 1.3
  if (!/^(image|video)\//.test(first.mimeType)) return 1.2
  const { width, height } = first
  return width && height ? Math.min(2.4, Math.max(0.56, width / height)) : 1
}

/** Places jobs, newest first, under headings of their days. `more`: whether older jobs follow that are not here yet. */
export function layOut(
  jobs: readonly FoundJob[],
  { view, more, dayOf }: { view: Layout['view']; more: boolean; dayOf: (at: number) => string },
  measures: Measures,
  shapeOf: (job: FoundJob) => number = tileShape,
): Layout {
  const rows: Row[] = []
  const rowOf = new Map<string, number>()
  let top = 0
  for (let start = 0; start < jobs.length; ) {
    const at = jobs[start]?.createdAt ?? 0
    const day = dayOf(at)
    let end = start + 1
    while (end < jobs.length && dayOf(jobs[end]?.createdAt ?? 0) === day) end++

    const count = end < jobs.length || !more ? end - start : null
    rows.push({ kind: 'day', key: day, at, count, top, height: measures.dayHeight })
    top += measures.dayHeight
    const ofDay = jobs.slice(start, end)
    const spans =
      view === 'grid' ? justify(ofDay.map(shapeOf), measures, count !== null) : ofDay.map(() => wholeRow(measures))
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
  return { view, rows, height: top, rowOf, count: jobs.length }
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
function justify(shapes: readonly number[], measures: Measures, isWhole: boolean): Span[] {
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
  if (row.to > row.from) {
    const last = isWhole ? rows.pop() : undefined
    rows.push(...(last ? balance(shapes, last.from, measures) : [row]))
  }
  return rows.map((run) => fill(shapes, run, measures))
}

/** Breaks the end of a day in two rows, or none, so that both are as full as they can be. */
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

/** The rows that lie between two heights: first and last index, or -1 and -1 where there are none. */
export function rowsBetween({ rows }: Layout, top: number, bottom: number): { first: number; last: number } {
  const first = firstIndex(rows, (row) => row.top + row.height > top)
  const last = firstIndex(rows, (row) => row.top >= bottom) - 1
  return first <= last ? { first, last } : { first: -1, last: -1 }
}

/** The first row for which `fits` holds, where it holds for all that follow. */
function firstIndex(rows: readonly Row[], fits: (row: Row) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits(rows[middle] as Row)) high = middle
    else low = middle + 1
  }
  return low
}
