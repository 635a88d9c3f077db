import { describe, expect, it } from 'vitest'
import {
  hasDrifted,
  type Scrolled,
  type ScrollScale,
  scaleOf,
  scrolled,
  shiftAt,
  toCanvas,
  toList,
} from '../../src/renderer/gallery/scroll-scale.ts'
import fc from '../support/fast-check.ts'

const ratios = [1, 1.25, 1.5, 2, 3]
/** A million lines of the list, and heights around the limit of a canvas. */
const heights = fc.oneof(
  fc.constant(62_000_000),
  fc.double({ min: 1, max: 80_000_000, noNaN: true }),
  fc.integer({ min: 1_300_000, max: 4_300_000 }),
)
const scales = fc.tuple(heights, fc.constantFrom(...ratios)).map(([height, ratio]) => scaleOf(height, ratio))
const share = fc.double({ min: 0, max: 1, noNaN: true })
const view = 700

describe('the scale of a list that is higher than a canvas can be', () => {
  it('limits the canvas to what browsers support at every pixel ratio, and to the height of the list', () => {
    for (const ratio of ratios) {
      expect(scaleOf(62_000_000, ratio).canvas * ratio).toBeLessThanOrEqual(2 ** 22)
      expect(scaleOf(5_000, ratio)).toEqual({ list: 5_000, canvas: 5_000 })
    }
  })

  it('maps to the canvas and back, exactly at both ends', () => {
    fc.assert(
      fc.property(scales, share, (scale, at) => {
        const place = at * scale.list
        expect(toList(scale, toCanvas(scale, place))).toBeCloseTo(place, 4)
        expect([toCanvas(scale, 0), toCanvas(scale, scale.list)]).toEqual([0, expect.closeTo(scale.canvas, 4)])
        expect(toList(scale, scale.canvas)).toBeCloseTo(scale.list, 4)
      }),
    )
  })

  it('increases with the position of the scroll bar', () => {
    fc.assert(
      fc.property(scales, share, share, (scale, one, other) => {
        const [above, below] = [one, other].sort((a, b) => a - b).map((at) => at * scale.canvas) as [number, number]
        expect(toList(scale, below) - toList(scale, above)).toBeGreaterThanOrEqual((below - above) * 0.999 - 1e-6)
      }),
    )
  })

  it('has no scale near both ends', () => {
    fc.assert(
      fc.property(scales, fc.double({ min: -500, max: 40_000, noNaN: true }), (scale, distance) => {
        fc.pre(scale.list > 80_000)
        expect(toCanvas(scale, distance)).toBe(distance)
        expect(toCanvas(scale, scale.list - distance)).toBeCloseTo(scale.canvas - distance, 4)
      }),
    )
  })
})

/** A canvas in a browser: it cannot be scrolled past its ends, and takes the corrections of the list. */
function scrollThrough(scale: ScrollScale, start: number, moves: readonly number[]): number[] {
  const most = scale.canvas - view
  const settle = (place: number): Scrolled => {
    const canvas = Math.min(most, Math.max(0, toCanvas(scale, place)))
    return { canvas, shift: shiftAt(scale, place, canvas) }
  }
  let at = settle(start * (scale.list - view))
  return moves.map((move) => {
    const canvas = Math.min(most, Math.max(0, at.canvas + move))
    at = scrolled(scale, at, canvas, 8 * view)
    if (hasDrifted(scale, at)) at = settle(at.canvas + at.shift)
    return at.canvas + at.shift
  })
}

describe('scrolling', () => {
  it('scrolls the list by the same distance as the canvas for wheel, keys and touch, up to both ends', () => {
    const move = fc.double({ min: -5_000, max: 5_000, noNaN: true })
    fc.assert(
      fc.property(
        scales,
        share,
        fc.array(move, { maxLength: 40 }),
        fc.constantFrom(-1, 0, 1),
        (scale, start, moves, to) => {
          fc.pre(scale.canvas > view)
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

  it('reaches the last pixel from any position', () => {
    const scale = scaleOf(62_000_000, 3)
    for (const start of [0.9, 0.99, 0.999]) {
      const steps = Math.ceil(((1 - start) * scale.list) / 3_000)
      expect(scrollThrough(scale, start, Array(steps).fill(3_000)).at(-1)).toBeCloseTo(scale.list - view, 0)
      expect(scrollThrough(scale, 1 - start, Array(steps).fill(-3_000)).at(-1)).toBeCloseTo(0, 0)
    }
  })

  it('follows the scroll bar after a jump', () => {
    fc.assert(
      fc.property(scales, share, share, (scale, start, end) => {
        fc.pre(scale.canvas > 30_000)
        const move = (end - start) * (scale.canvas - view)
        const canvas = Math.min(scale.canvas - view, toCanvas(scale, start * (scale.list - view)) + move)
        fc.pre(Math.abs(move) > 8 * view && canvas >= 0)
        expect(scrollThrough(scale, start, [move])[0]).toBeCloseTo(toList(scale, canvas), 2)
      }),
    )
  })
})
