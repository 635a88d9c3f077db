import { expect, it } from 'vitest'
import { parseContentRange, parseRange } from '../../src/core/service/http-range.ts'
import fc from '../support/fast-check.ts'

it.each([
  ['bytes=0-', { start: 0, end: 9 }],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=3-5', { start: 3, end: 5 }],
  ['bytes=3-500', { start: 3, end: 9 }],
  ['bytes=-4', { start: 6, end: 9 }],
  ['bytes=-400', { start: 0, end: 9 }],
  ['bytes=10-', 'outside'],
  ['bytes=10-12', 'outside'],
  ['bytes=-0', 'outside'],
  [undefined, null],
  [null, null],
  ['', null],
  ['bytes=-', null],
  ['bytes=5-3', null],
  ['bytes=0-1,3-4', null],
  ['bytes=a-b', null],
  ['items=0-1', null],
  ['bytes=0x1-2', null],
  ['bytes=1.5-2', null],
])('of a file of ten bytes, %s is %j', (header, expected) => {
  expect(parseRange(header, 10)).toEqual(expected)
})

it('keeps every range within the file', () => {
  fc.assert(
    fc.property(fc.nat(), fc.option(fc.nat()), fc.integer({ min: 1, max: 1_000_000 }), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last ?? ''}`, size)
      if (range === null || range === 'outside') return
      expect(range.start).toBe(first)
      expect(range.end).toBe(Math.min(last ?? size, size - 1))
    }),
  )
})

it.each([
  ['bytes 5-9/10', { start: 5, size: 10 }],
  ['bytes 5-9/*', { start: 5, size: null }],
  ['bytes */10', null],
  ['bytes 5-9', null],
  [null, null],
])('reads the start and the size from the Content-Range header %s: %j', (header, expected) => {
  expect(parseContentRange(header)).toEqual(expected)
})
