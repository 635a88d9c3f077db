import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStructureLimit } from '../../src/core/service/structure-limit.ts'

/** Texts with the characters that mean something outside of strings. */
const strings = fc.array(fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', 'é', '한', 'a'), { maxLength: 12 })

/** Whether the limit accepts a text in chunks of `size` bytes. */
function accepts(text: string, size: number): boolean {
  const limit = createStructureLimit()
  const bytes = new TextEncoder().encode(text)
  for (let from = 0; from < bytes.length; from += size) {
    if (!limit.push(bytes.subarray(from, from + size))) return false
  }
  return true
}

/** `depth` brackets around a string. */
function nested(depth: number, text: string): string {
  let value: unknown = text
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { [text]: value }
  return JSON.stringify(value)
}

it('accepts 64 levels and refuses more, whatever the strings hold and wherever chunks end', () => {
  const isRight = (depth: number, text: string[], size: number) => {
    expect(accepts(nested(depth, text.join('')), size)).toBe(depth <= 64)
  }
  fc.assert(fc.property(fc.integer({ min: 60, max: 69 }), strings, fc.integer({ min: 1, max: 200 }), isRight))
})

it('accepts 250,000 values and refuses more, whatever the strings hold', () => {
  const isRight = (extra: number, text: string[]) => {
    const elements = 249_995 + extra
    const list = JSON.stringify(new Array(elements).fill(text.join('')))
    // The list is a value, too.
    expect(accepts(list, 65_536)).toBe(elements + 1 <= 250_000)
  }
  fc.assert(fc.property(fc.integer({ min: 0, max: 8 }), strings, isRight), { numRuns: 20 })
})
