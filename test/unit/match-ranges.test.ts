import { describe, expect, it } from 'vitest'
import { matchRanges, queryWords } from '../../src/core/domain/search-text.ts'

/** The text with its matches in brackets. */
function marked(text: string, query: string): string {
  const ranges = matchRanges(text.normalize('NFC'), queryWords(query))
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
})
