import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shrunk, tileSizeOf } from '../../src/renderer/data/tile-size.ts'

const side = fc.integer({ min: 1, max: 20_000 })
const sides = { tile240: 240, tile480: 480 } as const

it('shrinks a picture to the pixels of a square tile, never below what a tile draws, and keeps its shape', () => {
  fc.assert(
    fc.property(side, side, fc.constantFrom('tile240' as const, 'tile480' as const), (width, height, size) => {
      const small = shrunk({ width, height }, size)
      const square = sides[size] ** 2
      if (small === null) {
        const enough = Math.min(width, height) <= sides[size] || width * height <= 1.5 * square
        expect(enough).toBe(true)
        return
      }
      expect(small.width * small.height * 1.5).toBeLessThanOrEqual(width * height * 1.1)
      expect(Math.min(small.width, small.height)).toBeGreaterThanOrEqual(Math.floor(0.64 * sides[size]))
      expect(small.width * small.height).toBeGreaterThanOrEqual(0.97 * square)
      // Within the half pixel that rounding costs.
      const short = Math.min(small.width, small.height)
      expect(Math.abs(small.width / small.height / (width / height) - 1)).toBeLessThan(2 / short)
    }),
  )
})

it('takes small pictures as they are', () => {
  for (const [width, height] of [
    [1, 1],
    [240, 240],
    [290, 290],
    [10, 20_000],
    [0, 0],
  ] as const) {
    expect(shrunk({ width, height }, 'tile240')).toBeNull()
  }
  expect(shrunk({ width: 480, height: 480 }, 'tile240')).toEqual({ width: 240, height: 240 })
  expect(shrunk({ width: 480, height: 480 }, 'tile480')).toBeNull()
  expect(shrunk({ width: 1_920, height: 1_080 }, 'tile240')).toEqual({ width: 320, height: 180 })
  expect([1, 1.25, 1.5, 2, 3].map(tileSizeOf)).toEqual(['tile240', 'tile240', 'tile480', 'tile480', 'tile480'])
})
