import { describe, expect, it } from 'vitest'
import { looseRangeFinder } from '../../src/core/domain/loose-search.ts'
import { queryWords, rangeFinder } from '../../src/core/domain/search-text.ts'
import fc from '../support/fast-check.ts'

/** The text with its matches in brackets. */
function marked(text: string, query: string): string {
  const ranges = rangeFinder(queryWords(query))(text.normalize('NFC'))
  return ranges.reduceRight(
    (rest, [start, end]) => `${rest.slice(0, start)}[${rest.slice(start, end)}]${rest.slice(end)}`,
    text,
  )
}

describe('the matches of a query', () => {
  it.each([
    ['고양이가 자는 창가', '고양이', '[고양이]가 자는 창가'],
    ['고양이가 자는 창가', '고야', '[고양]이가 자는 창가'],
    ['강아지와 고양이', '강아ㅈ', '[강아지]와 고양이'],
    ['예술의전당 앞', '전당', '예술의[전당] 앞'],
    ['검은 고양이 연작', 'ㄱㅇㅇ', '검은 [고양이] 연작'],
    ['Neon alley, NEON rain', 'neon', '[Neon] alley, [NEON] rain'],
    ['봄의 보물', '봄', '[봄]의 보물'],
    ['100% 순면', '100%', '[100%] 순면'],
    ['🐈 고양이 🐈‍⬛', '고양이', '🐈 [고양이] 🐈‍⬛'],
    ['İstanbul i̇stanbul', 'istanbul', '[İstanbul] [i̇stanbul]'],
    ['Straße', 'STRASSE', '[Straße]'],
    ['밤바다', '없음', '밤바다'],
  ])('are marked in %s for %s', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected)
  })

  it('are joined if they touch or overlap', () => {
    expect(marked('고양이 고양이', '고양 양이')).toBe('[고양이] [고양이]')
    expect(marked('aaaa', 'aa')).toBe('[aaaa]')
  })

  it('are those that the characters have one by one', () => {
    const characters = fc.constantFrom(...'고곡괄양강이 가각A:a2\n')
    const texts = fc.string({ unit: characters, maxLength: 12 })
    const queries = fc.string({ unit: fc.constantFrom(...'고ㄱㅇㅏ양강이 가A2'), minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(texts, queries, (text, query) => {
        const words = queryWords(query)
        // An invisible character keeps a text from the fast path.
        for (const find of [rangeFinder(words), looseRangeFinder(words, 'spaces and end')]) {
          expect(find(text)).toEqual(find(`${text}\u200b`))
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
