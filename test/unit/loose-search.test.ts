import { describe, expect, test } from 'vitest'
import { canMatchMore, looseMatcher, looseRanges } from '../../src/core/domain/loose-search.ts'
import { queryMatcher, queryWords } from '../../src/core/domain/search-text.ts'
import fc from '../support/fast-check.ts'

const matches = (text: string, query: string) => looseMatcher(queryWords(query))(text)
const matchesExactly = (text: string, query: string) => queryMatcher(queryWords(query))(text)

describe('a loose search that ignores spaces', () => {
  test.each([
    ['벚꽃 야경', '벚꽃야경', true],
    ['벚꽃야경', '벚꽃 야 경', true],
    ['밤 의 벚꽃 야경 사진', '벚꽃야경사진', true],
    ['고양이 카페', '고양이ㅋ', true],
    ['cherry blossom', 'cherryblossom', false],
    ['야경 벚꽃', '벚꽃야경', false],
    ['a.b', 'axb', false],
  ])('decides if %j matches the query %j: %s', (text, query, expected) => {
    expect(matches(text, query)).toBe(expected)
  })
})

describe('a loose search that takes the last syllable for unfinished', () => {
  test.each([
    ['닭', '달', true],
    ['과일', '고', true],
    ['값', '갑', true],
    ['왜', '오', true],
    ['닭 그림', '달 그림', false],
    ['보물', '봄', false],
    ['단', '달', false],
  ])('decides if %j matches the query %j: %s', (text, query, expected) => {
    expect(matches(text, query)).toBe(expected)
  })
})

test('matches what an exact search matches, and more only if it says so', () => {
  const unit = fc.constantFrom(...'고과닭달봄보물ㅋㅠabc12 ')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ unit, maxLength: 5 }), (text, query) => {
      if (matchesExactly(text, query)) expect(matches(text, query)).toBe(true)
      else if (matches(text, query)) expect(canMatchMore(queryWords(query))).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})

test('never loses a text while a syllable of its word is typed, key by key', () => {
  const word = fc.string({
    unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode),
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(word, (korean) => {
      const last = [...korean].at(-1) as string
      const before = [...korean].slice(0, -1).join('')
      for (const shown of shownWhileTyped(last)) {
        const typed = before + shown
        expect(matchesExactly(korean, typed) || matches(korean, typed), `${typed} → ${korean}`).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

/** The texts that an input method shows while a syllable is typed: ㄷ, 다, 달 and 닭 for 닭. */
function shownWhileTyped(syllable: string): string[] {
  const [initial = '', vowel = '', final = ''] = [...syllable.normalize('NFD')]
  const firstVowel: Record<string, string> = { ㅘ: 'ㅗ', ㅙ: 'ㅗ', ㅚ: 'ㅗ', ㅝ: 'ㅜ', ㅞ: 'ㅜ', ㅟ: 'ㅜ', ㅢ: 'ㅡ' }
  const firstFinal: Record<string, string> = {
    ㄳ: 'ㄱ',
    ㄵ: 'ㄴ',
    ㄶ: 'ㄴ',
    ㄺ: 'ㄹ',
    ㄻ: 'ㄹ',
    ㄼ: 'ㄹ',
    ㄽ: 'ㄹ',
    ㄾ: 'ㄹ',
    ㄿ: 'ㄹ',
    ㅀ: 'ㄹ',
    ㅄ: 'ㅂ',
  }
  const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
  const finals = 'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'
  const conjoiningVowel = (jamo: string) => String.fromCharCode(0x1161 + vowels.indexOf(jamo))
  const conjoiningFinal = (jamo: string) => String.fromCharCode(0x11a8 + finals.indexOf(jamo))
  const half = firstVowel[vowels[vowel.charCodeAt(0) - 0x1161] as string]
  const begun = final && firstFinal[finals[final.charCodeAt(0) - 0x11a8] as string]
  return [
    ...(half ? [initial + conjoiningVowel(half)] : []),
    initial + vowel,
    ...(begun ? [initial + vowel + conjoiningFinal(begun)] : []),
    syllable,
  ].map((shown) => shown.normalize('NFC'))
}

test('covers the matched part of the text, spaces included', () => {
  expect(looseRanges('밤의 벚꽃 야경', queryWords('벚꽃야경'))).toEqual([[3, 8]])
  expect(looseRanges('닭 한 마리', queryWords('달'))).toEqual([[0, 1]])
  expect(looseRanges('밤의 벚꽃 야경', queryWords('ㅂㅇ 벚꽃야경'))).toEqual([
    [0, 2],
    [3, 8],
  ])
})

test.each([
  ['고양', true],
  ['달', true],
  ['고양이 cat', true],
  ['닭', false],
  ['뷁', false],
  ['cherry', false],
  ['ㄱㅇㅇ', false],
])('can match more than an exact search for %j: %s', (query, expected) => {
  expect(canMatchMore(queryWords(query))).toBe(expected)
})
