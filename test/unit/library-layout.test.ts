import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reach, targetOf } from '../../src/renderer/gallery/arrow-keys.ts'
import { findTile, heightOf, layOutList, rowsBetween, tileAt } from '../../src/renderer/gallery/list-layout.ts'
import type { Part } from '../../src/renderer/gallery/list-page.ts'
import {
  type JobRow,
  type LayoutOptions,
  layOutPart,
  type Measures,
  type PartLayout,
  tileShape,
} from '../../src/renderer/gallery/page-layout.ts'
import { countOfDay, findPlace, headingAt, placeInView, pushAt } from '../../src/renderer/gallery/scroll-anchor.ts'
import { snippetOf } from '../../src/renderer/parts/snippet.ts'
import type { FoundJob } from '../../src/shared/views.ts'

const measures: Measures = { width: 992, dayHeight: 44, rowHeight: 36, tileMin: 130, tileMax: 180 }
const day = 86_400_000
const dayOf = (at: number) => String(Math.floor(at / day))
const options = (change: Partial<Measures> = {}, view: LayoutOptions['view'] = 'grid'): LayoutOptions => ({
  view,
  measures: { ...measures, ...change },
  dayOf,
  shapeOf: tileShape,
})

const jobAt = (createdAt: number, width = 1_000, height = 1_000) =>
  ({
    agent: 'agent-1',
    jobId: `job-${createdAt}`,
    createdAt,
    results: [{ mimeType: 'image/png', width, height }],
  }) as FoundJob
/** Jobs of one day with these shapes, newest first. */
const ofOneDay = (shapes: number[], number = 0) =>
  shapes.map((shape, index) => jobAt((number + 1) * day - 1 - index, shape * 1_000))
const grid = (jobs: FoundJob[], change: Partial<Measures> = {}) => layOutPart(jobs, options(change), null)
const jobRows = (layout: PartLayout) => layout.rows.filter((row): row is JobRow => row.kind === 'jobs')
const widthOf = (row: JobRow) => (row.tiles.at(-1)?.left ?? 0) + (row.tiles.at(-1)?.width ?? 0)

describe('the rows of a part', () => {
  it('stand under their days, without the heading that an earlier part has', () => {
    const jobs = [2.5, 2.4, 1.9, 1.8, 1.7].map((at) => jobAt(at * day))
    const headings = (dayBefore: string | null) =>
      layOutPart(jobs, options(), dayBefore).rows.flatMap((row) => (row.kind === 'day' ? [row.key] : []))
    expect(headings(null)).toEqual(['2', '1'])
    expect(headings('3')).toEqual(['2', '1'])
    expect(headings('2')).toEqual(['1'])
    expect(grid(jobs).lastDay).toBe('1')
  })

  it('hold every job once, in order, within the width and the bounds of height, without overlaps', () => {
    const shapes = fc.array(fc.double({ min: 0.3, max: 4, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(shapes, fc.integer({ min: 280, max: 2_000 }), (sizes, width) => {
        const jobs = ofOneDay(sizes)
        const layout = grid(jobs, { width })
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

  it('fill the width, but for the last', () => {
    const rows = jobRows(grid(ofOneDay(Array.from({ length: 40 }, (_, index) => [1, 1.5, 0.75, 1.78][index % 4] ?? 1))))
    expect(rows.slice(0, -1).map(widthOf)).toEqual(rows.slice(0, -1).map(() => measures.width))
  })

  it('leave no single picture alone in the last row where another break avoids it', () => {
    const widths = jobRows(grid(ofOneDay([1.3, 1, 1.3, 1.78]), { width: 620 })).map((row) => row.tiles.length)
    expect(widths).toEqual([4])
  })

  it('give a tile the shape that it had', () => {
    const layout = layOutPart([jobAt(1, 4_000)], { ...options(), shapeOf: () => 1 }, null)
    expect(jobRows(layout)[0]?.tiles[0]?.width).toBe(155)
  })

  it('have one job each in the list', () => {
    const layout = layOutPart(ofOneDay([1, 1, 1]), options({}, 'list'), null)
    expect(jobRows(layout).map((row) => [row.top, row.height, row.tiles.length])).toEqual([
      [44, 36, 1],
      [80, 36, 1],
      [116, 36, 1],
    ])
  })
})

/** Parts of so many jobs each, all of day `number`; those not `isRead` are known by their number alone. */
function partsOfDay(number: number, counts: readonly number[], isRead: (part: number) => boolean): Part[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const jobs = ofOneDay(Array(total).fill(1), number)
  let first = 0
  return counts.map((count, index) => {
    const part: Part = {
      jobs: isRead(index) ? jobs.slice(first, first + count) : null,
      count,
      of: { day: number * day, jobs: total, first },
    }
    first += count
    return part
  })
}
const daysOf = (counts: readonly number[][], isRead: (part: number) => boolean = () => true) => {
  let before = 0
  return counts.flatMap((ofDay, index) => {
    const parts = partsOfDay(counts.length - index, ofDay, (part) => isRead(before + part))
    before += ofDay.length
    return parts
  })
}

const counts = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
})

describe('the layout of a list', () => {
  it('has its full and exact height as lines before anything is read', () => {
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), (days, isRead) => {
        const jobs = days.flat().reduce((sum, count) => sum + count, 0)
        const layout = layOutList(daysOf(days, isRead), options({}, 'list'))
        expect(heightOf(layout)).toBe(days.length * 44 + jobs * 36)
      }),
    )
  })

  it('finds the rows between two heights, as a look at all of them would', () => {
    const heights = fc.tuple(fc.double({ min: -0.2, max: 1.2, noNaN: true }), fc.integer({ min: 1, max: 2_000 }))
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), heights, (days, isRead, [share, length]) => {
        const layout = layOutList(daysOf(days, isRead), options())
        const all = rowsBetween(layout, -1, heightOf(layout) + 1)
        const [top, bottom] = [share * heightOf(layout), share * heightOf(layout) + length]
        expect(rowsBetween(layout, top, bottom)).toEqual(
          all.filter((row) => row.top + row.height > top && row.top < bottom),
        )
        for (const [index, row] of all.slice(1).entries()) expect(row.top).toBeGreaterThanOrEqual(all[index]?.top ?? 0)
      }),
    )
  })

  it('numbers the jobs of the whole list, whatever is read of it', () => {
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), (days, isRead) => {
        const parts = daysOf(days, isRead)
        const layout = layOutList(parts, options())
        let place = 0
        for (const { jobs, count } of parts) {
          for (let index = 0; index < count; index++, place++) {
            const found = tileAt(layout, place)
            expect(found?.tile.job ?? null).toBe(jobs?.[index] ?? null)
            if (found) expect(findTile(layout, found.tile.key)).toEqual({ ...found, place })
          }
        }
        expect(tileAt(layout, place)).toBeNull()
      }),
    )
  })

  it('keeps what one looks at where it is while parts around it are read', () => {
    const share = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), share, (days, isRead, at) => {
        const before = layOutList(daysOf(days, isRead), options())
        const top = at * heightOf(before)
        const place = placeInView(before, { top, bottom: top + 500 }, null)
        if (!place) return
        const after = layOutList(daysOf(days), options())
        const found = findPlace(after, place)
        const seen = findTile(before, place.key)
        if (seen) expect(found).toEqual({ top: findTile(after, place.key)?.top, isExact: true })
        else expect(findPlace(before, place)?.top).toBeCloseTo(top + place.distance)
      }),
    )
  })

  it('takes up a place in a part that is not read near where it is, and by its job once it is', () => {
    const place = { key: `agent-1/job-${3 * day - 1 - 25}`, inDay: { day: 2 * day, before: 25 }, distance: 0 }
    const [unread, read] = [() => false, () => true].map((isRead) =>
      layOutList(daysOf([[5], [10, 20], [7]], isRead), options()),
    )
    if (!unread || !read) throw new Error('no layout')
    const near = findPlace(unread, place)
    expect(near?.isExact).toBe(false)
    expect(near?.top).toBeGreaterThan(unread.tops[2] ?? 0)
    expect(near?.top).toBeLessThan(unread.tops[3] ?? 0)
    expect(findPlace(read, place)).toEqual({ top: tileAt(read, 30)?.top, isExact: true })
  })

  it('goes to the heading of a day, or of the next older one', () => {
    const layout = layOutList(daysOf([[5], [10, 20], [7]]), options())
    const topOf = (number: number) =>
      findPlace(layout, { key: null, inDay: { day: number * day, before: 0 }, distance: 0 })?.top
    expect([3, 2, 1].map(topOf)).toEqual([layout.tops[0], layout.tops[1], layout.tops[3]])
    expect(topOf(2.5)).toBe(layout.tops[1])
    expect(topOf(0)).toBe(layout.tops[3])
  })

  it('knows the day at a height, its jobs, and when the next heading pushes it away', () => {
    const layout = layOutList(
      daysOf([[5], [10, 20], [7]], (part) => part !== 2),
      options(),
    )
    const days = [0, 1, 2, 3].map((part) => headingAt(layout, (layout.tops[part] ?? 0) + 50))
    expect(days.map((heading) => heading && dayOf(heading.at))).toEqual(['3', '2', '2', '1'])
    expect(days.map((heading) => heading && countOfDay(layout, heading, false))).toEqual([5, 30, 30, 7])
    const next = layout.tops[3] ?? 0
    expect([next - 44, next - 30, next].map((top) => pushAt(layout, top))).toEqual([0, -14, 0])
  })

  it('counts the days of another time zone once all of their jobs are known', () => {
    const halfDay = { ...options(), dayOf: (at: number) => dayOf(at - day / 2) }
    const jobs = [3.9, 3.6, 3.4, 2.7, 2.4, 2.1].map((at) => jobAt(at * day))
    const parts = (isRead: boolean): Part[] => [
      { jobs: jobs.slice(0, 3), count: 3, of: { day: 3 * day, jobs: 3, first: 0 } },
      { jobs: isRead ? jobs.slice(3) : null, count: 3, of: { day: 2 * day, jobs: 3, first: 0 } },
    ]
    const countsOf = (isRead: boolean) => {
      const layout = layOutList(parts(isRead), halfDay)
      const rows = rowsBetween(layout, 0, heightOf(layout))
      return rows.flatMap(({ part, row }) =>
        row?.kind === 'day' ? [countOfDay(layout, { part, at: row.at }, false)] : [],
      )
    }
    expect(countsOf(true)).toEqual([2, 2, 2])
    expect(countsOf(false)).toEqual([2, null])
  })
})

describe('arrow keys', () => {
  const parts = (isRead: boolean): Part[] => daysOf([[4, 3], [2]], (part) => part === 0 || isRead)
  const layout = layOutList(parts(true), options({ width: 620 }))
  const go = (from: number, key: string, ctrl = false) => {
    const tile = tileAt(layout, from)
    if (!tile) throw new Error('no tile')
    const target = targetOf(layout, tile, key, ctrl, 300)
    return target && (reach(layout, target)?.place ?? null)
  }

  it('lead to the neighbours, over the ends of rows, parts and days', () => {
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

  it('lead into parts that have to be read first', () => {
    const unread = layOutList(parts(false), options({ width: 620 }))
    const from = tileAt(unread, 3)
    const target = from && targetOf(unread, from, 'ArrowDown', false, 300)
    expect(target?.place).toBe(4)
    expect(target && reach(unread, target)).toBeNull()
    expect(target && reach(layout, target)?.place).toBe(6)
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
