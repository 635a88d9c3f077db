import { describe, expect, it } from 'vitest'
import { targetOf, tileOfTarget } from '../../src/renderer/gallery/arrow-keys.ts'
import { findTile, heightOf, layOutList, rowsBetween, tileAt } from '../../src/renderer/gallery/list-layout.ts'
import type { ListPage } from '../../src/renderer/gallery/list-page.ts'
import {
  type ItemRow,
  type LayoutOptions,
  layOutPage,
  type Measures,
  type PageLayout,
  type View,
} from '../../src/renderer/gallery/page-layout.ts'
import {
  anchorInView,
  countOfDay,
  headingAt,
  headingShiftAt,
  locateAnchor,
} from '../../src/renderer/gallery/scroll-anchor.ts'
import { snippetOf } from '../../src/renderer/parts/jobs/snippet.ts'
import { jobTraits } from '../../src/renderer/screens/library/list/job-traits.ts'
import type { FoundJob } from '../../src/shared/views.ts'
import fc from '../support/fast-check.ts'

const measures: Measures = { width: 992, dayHeight: 44, rowHeight: 36, tileMin: 130, tileMax: 180 }
const day = 86_400_000
const dayOf = (at: number) => String(Math.floor(at / day))
const options = (change: Partial<Measures> = {}, view: View = 'grid'): LayoutOptions<FoundJob> => ({
  view,
  measures: { ...measures, ...change },
  dayOf,
  ...jobTraits,
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
const grid = (jobs: FoundJob[], change: Partial<Measures> = {}) => layOutPage(jobs, options(change), null)
const jobRows = (layout: PageLayout<FoundJob>) =>
  layout.rows.filter((row): row is ItemRow<FoundJob> => row.kind === 'items')
const widthOf = (row: ItemRow<FoundJob>) => (row.tiles.at(-1)?.left ?? 0) + (row.tiles.at(-1)?.width ?? 0)

describe('the rows of a page', () => {
  it('start each day with a heading, unless an earlier page has it', () => {
    const jobs = [2.5, 2.4, 1.9, 1.8, 1.7].map((at) => jobAt(at * day))
    const headings = (dayBefore: string | null) =>
      layOutPage(jobs, options(), dayBefore).rows.flatMap((row) => (row.kind === 'day' ? [row.key] : []))
    expect(headings(null)).toEqual(['2', '1'])
    expect(headings('3')).toEqual(['2', '1'])
    expect(headings('2')).toEqual(['1'])
    expect(grid(jobs).lastDay).toBe('1')
  })

  it('contain every item once, in order, within the bounds and without overlaps', () => {
    const shapes = fc.array(fc.double({ min: 0.3, max: 4, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(shapes, fc.integer({ min: 280, max: 2_000 }), (sizes, width) => {
        const jobs = ofOneDay(sizes)
        const layout = grid(jobs, { width })
        const rows = jobRows(layout)
        expect(rows.flatMap((row) => row.tiles.map((tile) => tile.item))).toEqual(jobs)
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

  it('fill the width, except for the last row', () => {
    const rows = jobRows(grid(ofOneDay(Array.from({ length: 40 }, (_, index) => [1, 1.5, 0.75, 1.78][index % 4] ?? 1))))
    expect(rows.slice(0, -1).map(widthOf)).toEqual(rows.slice(0, -1).map(() => measures.width))
  })

  it('avoid a single picture in the last row if another break is possible', () => {
    const widths = jobRows(grid(ofOneDay([1.3, 1, 1.3, 1.78]), { width: 620 })).map((row) => row.tiles.length)
    expect(widths).toEqual([4])
  })

  it('use the given aspect ratio for a tile', () => {
    const layout = layOutPage([jobAt(1, 4_000)], { ...options(), aspectRatioOf: () => 1 }, null)
    expect(jobRows(layout)[0]?.tiles[0]?.width).toBe(155)
  })

  it('contain one item each in the list view', () => {
    const layout = layOutPage(ofOneDay([1, 1, 1]), options({}, 'list'), null)
    expect(jobRows(layout).map((row) => [row.top, row.height, row.tiles.length])).toEqual([
      [44, 36, 1],
      [80, 36, 1],
      [116, 36, 1],
    ])
  })
})

/** Pages of day `number` with the given job counts. Only the number of jobs is known of pages that are not read. */
function partsOfDay(
  number: number,
  counts: readonly number[],
  isRead: (page: number) => boolean,
): ListPage<FoundJob>[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const jobs = ofOneDay(Array(total).fill(1), number)
  let first = 0
  return counts.map((count, index) => {
    const page: ListPage<FoundJob> = {
      items: isRead(index) ? jobs.slice(first, first + count) : null,
      count,
      of: { day: number * day, total, first },
    }
    first += count
    return page
  })
}
const daysOf = (counts: readonly number[][], isRead: (page: number) => boolean = () => true) => {
  let before = 0
  return counts.flatMap((ofDay, index) => {
    const pages = partsOfDay(counts.length - index, ofDay, (page) => isRead(before + page))
    before += ofDay.length
    return pages
  })
}

const counts = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
})

describe('the layout of a list', () => {
  it('has its exact height in the list view before any page is loaded', () => {
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), (days, isRead) => {
        const jobs = days.flat().reduce((sum, count) => sum + count, 0)
        const layout = layOutList(daysOf(days, isRead), options({}, 'list'))
        expect(heightOf(layout)).toBe(days.length * 44 + jobs * 36)
      }),
    )
  })

  it('finds the rows between two heights like a scan of all rows does', () => {
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

  it('numbers all items, whichever pages are loaded', () => {
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), (days, isRead) => {
        const pages = daysOf(days, isRead)
        const layout = layOutList(pages, options())
        let place = 0
        for (const { items, count } of pages) {
          for (let index = 0; index < count; index++, place++) {
            const found = tileAt(layout, place)
            expect(found?.tile.item ?? null).toBe(items?.[index] ?? null)
            if (found) expect(findTile(layout, found.tile.key)).toEqual({ ...found, index: place })
          }
        }
        expect(tileAt(layout, place)).toBeNull()
      }),
    )
  })

  it('keeps the scroll anchor in place while pages around it are loaded', () => {
    const share = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(counts, fc.func(fc.boolean()), share, (days, isRead, at) => {
        const before = layOutList(daysOf(days, isRead), options())
        const top = at * heightOf(before)
        const place = anchorInView(before, { top, bottom: top + 500 }, null)
        if (!place) return
        const after = layOutList(daysOf(days), options())
        const found = locateAnchor(after, place)
        const seen = findTile(before, place.key)
        if (seen) expect(found).toEqual({ top: findTile(after, place.key)?.top, isExact: true })
        else expect(locateAnchor(before, place)?.top).toBeCloseTo(top + place.distance)
      }),
    )
  })

  it('locates an anchor near its position before its page is loaded, and at its item afterwards', () => {
    const place = { key: `agent-1/job-${3 * day - 1 - 25}`, inDay: { day: 2 * day, before: 25 }, distance: 0 }
    const [unread, read] = [() => false, () => true].map((isRead) =>
      layOutList(daysOf([[5], [10, 20], [7]], isRead), options()),
    )
    if (!unread || !read) throw new Error('no layout')
    const near = locateAnchor(unread, place)
    expect(near?.isExact).toBe(false)
    expect(near?.top).toBeGreaterThan(unread.offsets[2] ?? 0)
    expect(near?.top).toBeLessThan(unread.offsets[3] ?? 0)
    expect(locateAnchor(read, place)).toEqual({ top: tileAt(read, 30)?.top, isExact: true })
  })

  it('locates the heading of a day, or of the next older day', () => {
    const layout = layOutList(daysOf([[5], [10, 20], [7]]), options())
    const topOf = (number: number) =>
      locateAnchor(layout, { key: null, inDay: { day: number * day, before: 0 }, distance: 0 })?.top
    expect([3, 2, 1].map(topOf)).toEqual([layout.offsets[0], layout.offsets[1], layout.offsets[3]])
    expect(topOf(2.5)).toBe(layout.offsets[1])
    expect(topOf(0)).toBe(layout.offsets[3])
  })

  it('returns the day at a height, its count, and how far the next heading pushes it', () => {
    const layout = layOutList(
      daysOf([[5], [10, 20], [7]], (page) => page !== 2),
      options(),
    )
    const days = [0, 1, 2, 3].map((page) => headingAt(layout, (layout.offsets[page] ?? 0) + 50))
    expect(days.map((heading) => heading && dayOf(heading.at))).toEqual(['3', '2', '2', '1'])
    expect(days.map((heading) => heading && countOfDay(layout, heading, false))).toEqual([5, 30, 30, 7])
    const next = layout.offsets[3] ?? 0
    expect([next - 44, next - 30, next].map((top) => headingShiftAt(layout, top))).toEqual([0, -14, 0])
  })

  it('counts a day of another time zone once all of its items are loaded', () => {
    const halfDay = { ...options(), dayOf: (at: number) => dayOf(at - day / 2) }
    const jobs = [3.9, 3.6, 3.4, 2.7, 2.4, 2.1].map((at) => jobAt(at * day))
    const pages = (isRead: boolean): ListPage<FoundJob>[] => [
      { items: jobs.slice(0, 3), count: 3, of: { day: 3 * day, total: 3, first: 0 } },
      { items: isRead ? jobs.slice(3) : null, count: 3, of: { day: 2 * day, total: 3, first: 0 } },
    ]
    const countsOf = (isRead: boolean) => {
      const layout = layOutList(pages(isRead), halfDay)
      const rows = rowsBetween(layout, 0, heightOf(layout))
      return rows.flatMap(({ page, row }) =>
        row?.kind === 'day' ? [countOfDay(layout, { page, at: row.at }, false)] : [],
      )
    }
    expect(countsOf(true)).toEqual([2, 2, 2])
    expect(countsOf(false)).toEqual([2, null])
  })

  it('counts a day that comes again after the exact matches of a search each time by itself', () => {
    const searched = [
      [3.5, 2.6, 2.5],
      [2.4, 1.5],
      [3.4, 3.3, 2.3, 1.4],
    ].map((times): ListPage<FoundJob> => {
      return { items: times.map((at) => jobAt(at * day)), count: times.length, of: null }
    })
    const layout = layOutList(searched, options())
    const headings = rowsBetween(layout, 0, heightOf(layout)).filter(({ row }) => row?.kind === 'day')
    const counts = headings.map(
      ({ page, row }) => row?.kind === 'day' && countOfDay(layout, { page, at: row.at }, false),
    )
    expect(counts).toEqual([1, 3, 1, 2, 1, 1])
  })
})

describe('arrow keys', () => {
  const pages = (isRead: boolean): ListPage<FoundJob>[] => daysOf([[4, 3], [2]], (page) => page === 0 || isRead)
  const layout = layOutList(pages(true), options({ width: 620 }))
  const go = (from: number, key: string, ctrl = false) => {
    const tile = tileAt(layout, from)
    if (!tile) throw new Error('no tile')
    const target = targetOf(layout, tile, key, ctrl, 300)
    return target && (tileOfTarget(layout, target)?.index ?? null)
  }

  it('move to the neighbours across rows, pages and days', () => {
    expect([0, 3, 6, 8].map((from) => go(from, 'ArrowRight'))).toEqual([1, 4, 7, null])
    expect([0, 4, 7].map((from) => go(from, 'ArrowLeft'))).toEqual([null, 3, 6])
  })

  it('move up and down to the tile whose middle is nearest', () => {
    expect([0, 1, 3, 8].map((from) => go(from, 'ArrowDown'))).toEqual([4, 5, 6, null])
    expect([0, 6, 7, 8].map((from) => go(from, 'ArrowUp'))).toEqual([null, 3, 4, 5])
  })

  it('move to the ends of the row, with Control to the ends of the list, and by a page', () => {
    expect([go(2, 'Home'), go(2, 'End'), go(8, 'Home', true), go(1, 'End', true)]).toEqual([0, 3, 0, 8])
    expect([go(0, 'PageDown'), go(4, 'PageDown'), go(8, 'PageUp'), go(0, 'a')]).toEqual([4, 7, 5, null])
  })

  it('target an item in a page that is not loaded', () => {
    const unread = layOutList(pages(false), options({ width: 620 }))
    const from = tileAt(unread, 3)
    const target = from && targetOf(unread, from, 'ArrowDown', false, 300)
    expect(target?.index).toBe(4)
    expect(target && tileOfTarget(unread, target)).toBeNull()
    expect(target && tileOfTarget(layout, target)?.index).toBe(6)
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

  it('takes the chat or the model if the prompt has no match, and nothing without a search', () => {
    const job = { ...jobAt(1), prompt: 'x', chatTitle: '고양이 연작', model: 'Z' }
    expect(snippetOf({ ...job, matches: { prompt: [], chatTitle: [[0, 3]], model: [] } })?.text).toBe('고양이 연작')
    expect(snippetOf(job)).toBeNull()
  })
})
