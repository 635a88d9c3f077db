import { expect, test } from 'vitest'
import { createSkimmer } from '../../src/core/service/skim.ts'
import fc from '../support/fast-check.ts'

function skim(text: string, chunkSize: number, headLimit = 4_096) {
  const bytes = new TextEncoder().encode(text)
  const skimmer = createSkimmer(headLimit)
  for (let at = 0; at < bytes.length; at += chunkSize) skimmer.push(bytes.subarray(at, at + chunkSize))
  return skimmer.end()
}

const keys = fc.oneof(fc.constantFrom('id', 'items', 'nextPage', '"', '\\', '한글'), fc.string())
const page = fc.record(
  {
    before: fc.dictionary(keys, fc.jsonValue(), { maxKeys: 3 }),
    items: fc.array(fc.jsonValue(), { maxLength: 1 }),
    after: fc.record({ nextPage: fc.option(fc.string()), total: fc.nat(), nested: fc.jsonValue() }),
  },
  { requiredKeys: ['before', 'items', 'after'] },
)

test('keeps every byte but the item, wherever they stand and however the chunks are cut', () => {
  fc.assert(
    fc.property(
      page,
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      ({ before, items, after }, chunkSize, isSpaced) => {
        const { items: _, ...rest } = before as Record<string, unknown>
        const text = (value: unknown[]) => JSON.stringify({ ...rest, items: value, ...after }, null, isSpaced ? 2 : 0)
        expect(skim(text(items), chunkSize).envelope).toBe(text([]))
      },
    ),
    { numRuns: 2_000 },
  )
})

test('keeps the beginning of the item and no more', () => {
  const text = JSON.stringify({ items: [{ id: 'job-1', prompt: 'x'.repeat(10_000) }], nextPage: 'p2' })
  const { head, envelope } = skim(text, 1_000, 40)
  expect(head).toBe(text.slice('{"items":['.length, '{"items":['.length + 40))
  expect(JSON.parse(envelope)).toEqual({ items: [], nextPage: 'p2' })
})

test('refuses a second item, and an envelope that is longer than two tokens could make it', () => {
  const accepts = (text: string) => createSkimmer(100).push(new TextEncoder().encode(text))
  expect(accepts('{"items":[{"tags":["a","b"],"size":[1,2]}],"nextPage":null}')).toBe(true)
  expect(accepts('{"items":[{"id":"job-1"},{"id":"job-2"}],"nextPage":null}')).toBe(false)
  expect(accepts(`{"items":[{}],"nextPage":"${'x'.repeat(70_000)}"}`)).toBe(false)
  expect(accepts(`{"other":[${'0,'.repeat(70_000)}0],"items":[]}`)).toBe(false)
})
