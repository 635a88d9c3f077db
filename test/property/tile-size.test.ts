import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shrunk, tileSizeOf } from '../../src/renderer/data/tile-size.ts'
import { jobSizes } from '../../src/renderer/screens/library/list/job-traits.ts'
import { tileSizes } from '../../src/shared/values.ts'

const side = fc.integer({ min: 1, max: 20_000 })
const densities = { tile180: 1, tile270: 1.5, tile360: 2 } as const

it('shrinks a picture so that its shorter side is that of the largest tile, and keeps its shape', () => {
  fc.assert(
    fc.property(side, side, fc.constantFrom(...tileSizes), (width, height, size) => {
      const largest = jobSizes.default.tileMax * densities[size]
      const small = shrunk({ width, height }, size)
      if (small === null) {
        expect((Math.min(width, height) / largest) ** 2).toBeLessThanOrEqual(1.5)
        return
      }
      const short = Math.min(small.width, small.height)
      expect(short).toBe(largest)
      // Within the half pixel that rounding costs.
      expect(Math.abs(small.width / small.height / (width / height) - 1)).toBeLessThan(2 / short)
    }),
  )
})

it('takes small pictures as they are', () => {
  for (const [width, height] of [
    [1, 1],
    [180, 180],
    [220, 220],
    [10, 20_000],
    [0, 0],
  ] as const) {
    expect(shrunk({ width, height }, 'tile180')).toBeNull()
  }
  expect(shrunk({ width: 480, height: 480 }, 'tile180')).toEqual({ width: 180, height: 180 })
  expect(shrunk({ width: 480, height: 270 }, 'tile180')).toEqual({ width: 320, height: 180 })
  expect(shrunk({ width: 480, height: 480 }, 'tile360')).toEqual({ width: 360, height: 360 })
  expect(shrunk({ width: 1_080, height: 1_920 }, 'tile180')).toEqual({ width: 180, height: 320 })
})

it('takes the smallest size that is sharp on the screen', () => {
  const sizes = [0.5, 1, 1.25, 1.5, 1.75, 2, 3].map(tileSizeOf)
  expect(sizes).toEqual(['tile180', 'tile180', 'tile270', 'tile270', 'tile360', 'tile360', 'tile360'])
})
