import { describe, expect, test } from 'vitest'
import { canMatchMore, looseMatcher, looseRangeFinder, piecesOf } from '../../src/core/domain/loose-search.ts'
import { foldText, queryMatcher, queryWords } from '../../src/core/domain/search-text.ts'
import fc from '../support/fast-check.ts'

const matches = (text: string, query: string) => looseMatcher(queryWords(query), 'spaces and end')(text)
const matchesExactly = (text: string, query: string) => queryMatcher(queryWords(query))(text)

describe('a loose search that ignores spaces', () => {
  test.each([
    ['벚꽃 야경', '벚꽃야경', true],
    ['벚꽃야경', '벚꽃 야 경', true],
    ['밤 의 벚꽃 야경 사진', '벚꽃야경사진', true],
    ['고양이 카페', '고양이ㅋ', true],
    ['망했다 ㅠㅠ', '망했다ㅠㅠ', true],
    ['망했다 ㅠ ㅠ', '망했다ㅠㅠ', true],
    ['강남역 2번 출구', '강남역2번', true],
    ['강남역 2번 출구 HDR', '2번출구hdr', true],
    ['iPhone 15 Pro', 'iphone15pro', true],
    ['Kling 3.0 영상', 'kling3.0영상', true],
    ['벚꽃, 야경', '벚꽃,야경', true],
    ['고양이 🙂', '고양이🙂', true],
    ['東京 タワー 夜景', '東京タワー夜景', true],
    ['cherry blossom', 'cherryblossom', false],
    ['1 500', '1500', false],
    ['야경 벚꽃', '벚꽃야경', false],
    ['a.b', 'axb', false],
    ['Wi-Fi 공유기', 'wi-fi공유기', true],
    ['a-b', '-c', false],
  ])('decides if %j matches the query %j: %s', (text, query, expected) => {
    expect(matches(text, query)).toBe(expected)
  })
})

test('cuts a word into pieces that make the word again, at every border of scripts and digits', () => {
  expect(piecesOf(foldText('2번hdr!é東タ가ㅠㅠдё½'))).toEqual(
    ['2', '번', 'hdr', '!', 'é', '東', 'タ', '가', 'ㅠ', 'ㅠ', 'дё', '1⁄2'].flatMap((piece) =>
      piece === '1⁄2' ? ['1', '⁄', '2'] : foldText(piece),
    ),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      expect(piecesOf(foldText(text)).join('')).toBe(foldText(text))
    }),
    { numRuns: 2_000 },
  )
})

describe('a loose search that takes the last syllable for unfinished', () => {
  test.each([
    ['닭', '달', true],
    ['과일', '고', true],
    ['값', '갑', true],
    ['왜', '오', true],
    ['닭 그림', '달 그림', false],
    ['보물', '봄', true],
    ['과일', '광', true],
    ['과 일', '광', true],
    ['달걀', '닭', true],
    ['과자', '광', false],
    ['단', '달', false],
  ])('decides if %j matches the query %j: %s', (text, query, expected) => {
    expect(matches(text, query)).toBe(expected)
  })
})

describe('what follows exact matches', () => {
  const follows = (text: string, query: string) => looseMatcher(queryWords(query), 'spaces')(text)

  test.each([
    ['밤의 벚꽃 야경', '벚꽃야경', true],
    ['밤의 벚꽃 야경', '벚꽃야', true],
    ['강남역 2번 출구', '강남역2번', true],
    ['강남역 2번 출구 HDR 사진', '역 2번출구hdr', true],
    ['이 준', '이준', true],
    ['고양이 준비', '이준', false],
    ['최고 양식', '고양', false],
    ['닭 그림', '달', false],
    ['닭 그림', '닭그림', true],
    ['보물', '봄', false],
  ])('decides if %j matches the query %j: %s', (text, query, expected) => {
    expect(follows(text, query)).toBe(expected)
  })

  test('is found by the full second choice, too, and has every exact match', () => {
    const unit = fc.constantFrom(...'고과닭달봄보물ㅋㅠabc12-.*[ ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ unit, maxLength: 5 }), (text, query) => {
        if (matchesExactly(text, query)) expect(follows(text, query)).toBe(true)
        if (!follows(text, query)) return
        expect(matches(text, query)).toBe(true)
        if (!matchesExactly(text, query)) expect(canMatchMore(queryWords(query), 'spaces')).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})

test('matches what an exact search matches, and more only if it says so', () => {
  const unit = fc.constantFrom(...'고과닭달봄보물ㅋㅠabc12-.*[ ')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ unit, maxLength: 5 }), (text, query) => {
      if (matchesExactly(text, query)) expect(matches(text, query)).toBe(true)
      else if (matches(text, query)) expect(canMatchMore(queryWords(query), 'spaces and end')).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})

test('never loses a text while its word is typed, key by key', () => {
  const word = fc.string({
    unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode),
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(word, (korean) => {
      for (const typed of shownWhileTyped(korean)) {
        expect(matchesExactly(korean, typed) || matches(korean, typed), `${typed} → ${korean}`).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
const finals = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'
const firstVowel: Record<string, string> = { ㅘ: 'ㅗ', ㅙ: 'ㅗ', ㅚ: 'ㅗ', ㅝ: 'ㅜ', ㅞ: 'ㅜ', ㅟ: 'ㅜ', ㅢ: 'ㅡ' }
const pairs: Record<string, string> = {
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ',
}
const compose = (initial: string, vowel: string, final = ' ') =>
  String.fromCharCode(
    0xac00 + (initials.indexOf(initial) * 21 + vowels.indexOf(vowel)) * 28 + Math.max(0, finals.indexOf(final)),
  )

/** The texts that an input method shows: ㄱ, 고, 과, 광, 과이 and 과일 for 과일; ㄷ, 다, 달 and 닭 for 닭. */
function shownWhileTyped(word: string): string[] {
  const shown: string[] = []
  let before = ''
  let last = { initial: '', vowel: '', final: ' ' }
  for (const char of word) {
    const code = char.charCodeAt(0) - 0xac00
    const initial = initials[Math.floor(code / 588)] as string
    const vowel = vowels[Math.floor((code % 588) / 28)] as string
    const final = finals[code % 28] as string
    // The key of the initial first joins the syllable before it, if that is possible.
    const joined = Object.keys(pairs).find((pair) => pairs[pair] === last.final + initial)
    const asFinal = last.final === ' ' && finals.includes(initial) ? initial : joined
    if (last.initial && asFinal) shown.push(before.slice(0, -1) + compose(last.initial, last.vowel, asFinal))
    else shown.push(before + initial)
    if (firstVowel[vowel]) shown.push(before + compose(initial, firstVowel[vowel]))
    shown.push(before + compose(initial, vowel))
    if (pairs[final]) shown.push(before + compose(initial, vowel, pairs[final][0]))
    shown.push(before + char)
    before += char
    last = { initial, vowel, final }
  }
  return shown
}

test('covers the matched part of the text, spaces included', () => {
  expect(looseRangeFinder(queryWords('벚꽃야경'), 'spaces and end')('밤의 벚꽃 야경')).toEqual([[3, 8]])
  expect(looseRangeFinder(queryWords('달'), 'spaces and end')('닭 한 마리')).toEqual([[0, 1]])
  expect(looseRangeFinder(queryWords('ㅂㅇ 벚꽃야경'), 'spaces and end')('밤의 벚꽃 야경')).toEqual([
    [0, 2],
    [3, 8],
  ])
})

test.each([
  ['고양', true],
  ['달', true],
  ['고양이 cat', true],
  ['뷁', true],
  ['이', false],
  ['cherry', false],
  ['cherry2', true],
  ['ㄱㅇㅇ', false],
])('can match more than an exact search for %j: %s', (query, expected) => {
  expect(canMatchMore(queryWords(query), 'spaces and end')).toBe(expected)
})
