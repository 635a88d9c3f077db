import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTile } from '../../src/renderer/screens/library/arrow-keys.ts'
import {
  type JobRow,
  type Layout,
  layOut,
  type Measures,
  rowsBetween,
} from '../../src/renderer/screens/library/layout.ts'
import { snippetOf } from '../../src/renderer/screens/library/snippet.ts'
import type { FoundJob } from '../../src/shared/views.ts'

const measures: Measures = { width: 992, dayHeight: 44, rowHeight: 36, tileMin: 130, tileMax: 180 }
const day = 1_000
const dayOf = (at: number) => String(Math.floor(at / day))

const jobAt = (createdAt: number, width = 1_000, height = 1_000) =>
  ({
    agent: 'agent-1',
    jobId: `job-${createdAt}`,
    createdAt,
    results: [{ mimeType: 'image/png', width, height }],
  }) as FoundJob
/** Jobs of one day with these shapes, newest first. */
const ofOneDay = (shapes: number[]) => shapes.map((shape, index) => jobAt(day - 1 - index, shape * 1_000))
const grid = (jobs: FoundJob[], change: Partial<Measures> = {}, more = false) =>
  layOut(jobs, { view: 'grid', more, dayOf }, { ...measures, ...change })
const jobRows = (layout: Layout) => layout.rows.filter((row): row is JobRow => row.kind === 'jobs')
const widthOf = (row: JobRow) => (row.tiles.at(-1)?.left ?? 0) + (row.tiles.at(-1)?.width ?? 0)

describe('the layout of the gallery', () => {
  it('puts jobs under their days, and counts a day once it is whole', () => {
    const jobs = [2_500, 2_400, 1_900, 1_800, 1_700].map((at) => jobAt(at))
    const days = (more: boolean) => grid(jobs, {}, more).rows.flatMap((row) => (row.kind === 'day' ? [row.count] : []))
    expect(days(false)).toEqual([2, 3])
    expect(days(true)).toEqual([2, null])
  })

  it('holds every job once, in order, within the width and the bounds of height, without overlaps', () => {
    const shapes = fc.array(fc.double({ min: 0.3, max: 4, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(shapes, fc.integer({ min: 280, max: 2_000 }), fc.boolean(), (sizes, width, more) => {
        const jobs = ofOneDay(sizes)
        const layout = grid(jobs, { width }, more)
        const rows = jobRows(layout)
        expect(rows.flatMap((row) => row.tiles.map((tile) => tile.job))).toEqual(jobs)
        let bottom = measures.dayHeight
        for (const row of rows) {
          expect(row.top).toBeCloseTo(bottom)
          expect(row.height).toBeGreaterThanOrEqual(measures.tileMin)
          expect(row.height).toBeLessThanOrEqual(measures.tileMax)
          expect(widthOf(row)).toBeLessThanOrEqual(width + 1)
          for (const [index, tile] of row.tiles.entries()) {
            const before = row.tiles[index - 1]
            if (before) expect(tile.left).toBe(before.left + before.width + 8)
          }
          bottom = row.top + row.height + 8
        }
        expect(layout.height).toBeCloseTo(bottom)
      }),
    )
  })

  it('fills every row but the last to the edge', () => {
    const rows = jobRows(grid(ofOneDay(Array.from({ length: 40 }, (_, index) => [1, 1.5, 0.75, 1.78][index % 4] ?? 1))))
    expect(rows.slice(0, -1).map(widthOf)).toEqual(rows.slice(0, -1).map(() => measures.width))
  })

  it('leaves no single picture alone in the last row where another break avoids it', () => {
    const widths = jobRows(grid(ofOneDay([1.3, 1, 1.3, 1.78]), { width: 620 })).map((row) => row.tiles.length)
    expect(widths).toEqual([4])
  })

  it('keeps the rows of a day that grows, up to its last', () => {
    const shapes = Array.from({ length: 47 }, (_, index) => [1, 1.5, 0.75][index % 3] ?? 1)
    const before = jobRows(grid(ofOneDay(shapes), {}, true))
    const after = jobRows(grid(ofOneDay([...shapes, 1, 1, 1.5]), {}, true))
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
  })

  it('gives the shape that a tile had', () => {
    const layout = layOut([jobAt(1, 4_000)], { view: 'grid', more: false, dayOf }, measures, () => 1)
    expect(jobRows(layout)[0]?.tiles[0]?.width).toBe(155)
  })

  it('gives each job of the list one row', () => {
    const layout = layOut(ofOneDay([1, 1, 1]), { view: 'list', more: false, dayOf }, measures)
    expect(jobRows(layout).map((row) => [row.top, row.height, row.tiles.length])).toEqual([
      [44, 36, 1],
      [80, 36, 1],
      [116, 36, 1],
    ])
  })

  it('finds the rows between two heights', () => {
    const layout = layOut(ofOneDay([1, 1, 1, 1]), { view: 'list', more: false, dayOf }, measures)
    expect(rowsBetween(layout, 80, 117)).toEqual({ first: 2, last: 3 })
    expect(rowsBetween(layout, -500, 10)).toEqual({ first: 0, last: 0 })
    expect(rowsBetween(layout, 5_000, 6_000)).toEqual({ first: -1, last: -1 })
  })
})

describe('arrow keys', () => {
  const layout = grid([...ofOneDay([1, 1, 1, 1, 1, 1, 1]), jobAt(-1), jobAt(-2)], { width: 620 })
  const tiles = jobRows(layout).flatMap((row) => row.tiles)
  const go = (from: number, key: string, ctrl = false) => {
    const tile = tiles[from]
    if (!tile) throw new Error('no tile')
    return nextTile(layout, tile, key, ctrl, 300)?.index ?? null
  }

  it('lead to the neighbours, over the ends of rows and days', () => {
    expect(jobRows(layout).map((row) => row.tiles.length)).toEqual([4, 3, 2])
    expect([0, 3, 6, 8].map((from) => go(from, 'ArrowRight'))).toEqual([1, 4, 7, null])
    expect([0, 4, 7].map((from) => go(from, 'ArrowLeft'))).toEqual([null, 3, 6])
  })

  it('lead up and down to the tile whose middle is nearest', () => {
    expect([0, 1, 3, 8].map((from) => go(from, 'ArrowDown'))).toEqual([4, 5, 6, null])
    expect([0, 6, 7, 8].map((from) => go(from, 'ArrowUp'))).toEqual([null, 3, 4, 5])
  })

  it('lead to the ends of the row, with Control of the list, and on by a page', () => {
    expect([go(2, 'Home'), go(2, 'End'), go(8, 'Home', true), go(1, 'End', true)]).toEqual([0, 3, 0, 8])
    expect([go(0, 'PageDown'), go(4, 'PageDown'), go(8, 'PageUp'), go(0, 'a')]).toEqual([4, 7, 5, null])
  })
})

describe('the line that a search matched', () => {
  const found = (prompt: string, at: number, length: number) =>
    snippetOf({ ...jobAt(1), prompt, matches: { prompt: [[at, at + length]], chatTitle: [], model: [] } })

  it('begins shortly before the match, at a word', () => {
    expect(found('창가의 고양이', 4, 3)).toEqual({ text: '창가의 고양이', ranges: [[4, 7]] })
    const prompt = '아주 긴 프롬프트의 끝에 앉은 고양이 한 마리'
    const at = prompt.indexOf('고양이')
    expect(found(prompt, at, 3)).toEqual({ text: '…끝에 앉은 고양이 한 마리', ranges: [[7, 10]] })
  })

  it('takes the chat or the model where the prompt has no match, and nothing without a search', () => {
    const job = { ...jobAt(1), prompt: 'x', chatTitle: '고양이 연작', model: 'Z' }
    expect(snippetOf({ ...job, matches: { prompt: [], chatTitle: [[0, 3]], model: [] } })?.text).toBe('고양이 연작')
    expect(snippetOf(job)).toBeNull()
  })
})
