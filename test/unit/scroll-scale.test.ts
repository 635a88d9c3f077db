import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isAstray,
  type Scrolled,
  type ScrollScale,
  scaleOf,
  scrolled,
  shiftAt,
  toList,
  toPage,
} from '../../src/renderer/gallery/scroll-scale.ts'

const ratios = [1, 1.25, 1.5, 2, 3]
/** A million lines of the list, and heights around what a page may have. */
const heights = fc.oneof(
  fc.constant(62_000_000),
  fc.double({ min: 1, max: 80_000_000, noNaN: true }),
  fc.integer({ min: 1_300_000, max: 4_300_000 }),
)
const scales = fc.tuple(heights, fc.constantFrom(...ratios)).map(([height, ratio]) => scaleOf(height, ratio))
const share = fc.double({ min: 0, max: 1, noNaN: true })
const view = 700

describe('the scale of a list that is higher than a page can be', () => {
  it('asks for a height that browsers hold at every pixel ratio, and for no more than the list takes', () => {
    for (const ratio of ratios) {
      expect(scaleOf(62_000_000, ratio).page * ratio).toBeLessThanOrEqual(2 ** 22)
      expect(scaleOf(5_000, ratio)).toEqual({ list: 5_000, page: 5_000 })
    }
  })

  it('leads there and back, to both ends exactly', () => {
    fc.assert(
      fc.property(scales, share, (scale, at) => {
        const place = at * scale.list
        expect(toList(scale, toPage(scale, place))).toBeCloseTo(place, 4)
        expect([toPage(scale, 0), toPage(scale, scale.list)]).toEqual([0, expect.closeTo(scale.page, 4)])
        expect(toList(scale, scale.page)).toBeCloseTo(scale.list, 4)
      }),
    )
  })

  it('goes down wherever the bar goes down', () => {
    fc.assert(
      fc.property(scales, share, share, (scale, one, other) => {
        const [above, below] = [one, other].sort((a, b) => a - b).map((at) => at * scale.page) as [number, number]
        expect(toList(scale, below) - toList(scale, above)).toBeGreaterThanOrEqual((below - above) * 0.999 - 1e-6)
      }),
    )
  })

  it('is the list itself at both ends and beyond them', () => {
    fc.assert(
      fc.property(scales, fc.double({ min: -500, max: 40_000, noNaN: true }), (scale, distance) => {
        fc.pre(scale.list > 80_000)
        expect(toPage(scale, distance)).toBe(distance)
        expect(toPage(scale, scale.list - distance)).toBeCloseTo(scale.page - distance, 4)
      }),
    )
  })
})

/** A page in a browser: it cannot be scrolled past its ends, and is set right where the list asks for it. */
function scrollThrough(scale: ScrollScale, start: number, moves: readonly number[]): number[] {
  const most = scale.page - view
  const settle = (place: number): Scrolled => {
    const page = Math.min(most, Math.max(0, toPage(scale, place)))
    return { page, shift: shiftAt(scale, place, page) }
  }
  let at = settle(start * (scale.list - view))
  return moves.map((move) => {
    const page = Math.min(most, Math.max(0, at.page + move))
    at = scrolled(scale, at, page, 8 * view)
    if (isAstray(scale, at)) at = settle(at.page + at.shift)
    return at.page + at.shift
  })
}

describe('scrolling', () => {
  it('by wheel, keys and touch moves the list by as much, up to its very ends, however long one goes on', () => {
    const move = fc.double({ min: -5_000, max: 5_000, noNaN: true })
    fc.assert(
      fc.property(
        scales,
        share,
        fc.array(move, { maxLength: 40 }),
        fc.constantFrom(-1, 0, 1),
        (scale, start, moves, to) => {
          fc.pre(scale.page > view)
          const onwards = Array.from({ length: 60 }, () => to * 4_000)
          let place = start * (scale.list - view)
          const expected = [...moves, ...onwards].map((move) => {
            place = Math.min(scale.list - view, Math.max(0, place + move))
            return place
          })
          const places = scrollThrough(scale, start, [...moves, ...onwards])
          for (const [index, one] of places.entries()) expect(Math.abs(one - (expected[index] ?? 0))).toBeLessThan(2)
        },
      ),
    )
  })

  it('reaches the last pixel from anywhere in one long go', () => {
    const scale = scaleOf(62_000_000, 3)
    for (const start of [0.9, 0.99, 0.999]) {
      const steps = Math.ceil(((1 - start) * scale.list) / 3_000)
      expect(scrollThrough(scale, start, Array(steps).fill(3_000)).at(-1)).toBeCloseTo(scale.list - view, 0)
      expect(scrollThrough(scale, 1 - start, Array(steps).fill(-3_000)).at(-1)).toBeCloseTo(0, 0)
    }
  })

  it('by the bar goes where the bar says', () => {
    fc.assert(
      fc.property(scales, share, share, (scale, start, end) => {
        fc.pre(scale.page > 30_000)
        const move = (end - start) * (scale.page - view)
        const page = Math.min(scale.page - view, toPage(scale, start * (scale.list - view)) + move)
        fc.pre(Math.abs(move) > 8 * view && page >= 0)
        expect(scrollThrough(scale, start, [move])[0]).toBeCloseTo(toList(scale, page), 2)
      }),
    )
  })
})
