import { expect, test } from 'vitest'
import { looseMatcher } from '../../src/core/domain/loose-search.ts'
import { foldText, initialsOf, isInitialsWord, queryMatcher, queryWords } from '../../src/core/domain/search-text.ts'
import fc from '../support/fast-check.ts'

const matches = (text: string, query: string) => queryMatcher(queryWords(query))(text)

test.each([
  ['고양이', '고양이', true],
  ['고양이', '고야', true],
  ['고양이', '고ㅇ', true],
  ['고양이', '공', false],
  ['보물', '봄', false],
  ['봄', '봄', true],
  ['봄비', '보', true],
  ['강아지', '강아ㅈ', true],
  ['사진', '사지', true],
  ['예술의전당', '전당', true],
  ['고양이', 'ㄱㅇㅇ', true],
  ['고양이', 'ㅇㅇ', true],
  ['고양이', 'ㄱㅇㅇㅇ', false],
  ['고양이 사진', 'ㅇㅅ', false],
  ['꼬마 고양이', 'ㄲㅁ', true],
  ['강사', 'ㄳ', true],
  ['강사', 'ㄱㅅ', true],
  ['ㄳ 합니다', 'ㄳ', true],
  ['닭', '다', true],
  ['닭', '달', false],
  ['ㅋㅋㅋ 웃김', 'ㅋㅋ', true],
  ['Nano Banana', 'banana nano', true],
  ['İstanbul', 'istanbul', true],
  ['i̇stanbul', 'ISTANBUL', true],
  ['ısparta', 'Isparta', true],
  ['STRASSE', 'straße', true],
  ['Straße', 'STRASSE', true],
  ['STRAẞE', 'strasse', true],
  ['café', 'cafe\u0301', true],
  ['웃긴 고양이ㅋㅋㅋ', '고양이ㅋㅋㅋ', true],
  ['웃긴 고양이ㅋㅋㅋ', '고양이ㅋ', true],
  ['웃긴 고양이ㅋㅋㅋ', 'ㅋㅋㅋ', true],
  ['고양이 카페', '고양이ㅋ', false],
  ['망했다 ㅠㅠ', 'ㅠㅠ', true],
  ['ㄱㄴㄷ 순서 카드', 'ㄱ', true],
  ['고양이2 4k', 'ㄱㅇㅇ2', true],
  ['고양이 2', 'ㄱㅇㅇ2', false],
  ['ﾡﾢ 반각', 'ㄱㄲ', true],
  ['ﾤﾥ 반각', 'ㄴㄴㅈ', true],
  ['４Ｋ 영상', '4k', true],
  ['4k 영상', '４Ｋ', true],
  ['무게 ㎏', 'kg', true],
  ['고\u200b양이', '고양이', true],
  ['❤ 하트', '❤️', true],
  ['❤️ 하트', '❤', true],
  ['ΟΔΟΣ', 'οδοσ', true],
  ['', 'ㄱ', false],
  ['무엇이든', '', true],
])('decides if %j matches the query %j: %s', (text, query, expected) => {
  expect(matches(text, query)).toBe(expected)
})

test('decides about a plain text as about its folded form', () => {
  const plain = fc.string({ unit: fc.constantFrom(...'고과광곽달닭가각갛 aBß2.*[\\\n'), maxLength: 12 })
  fc.assert(
    fc.property(plain, plain, (text, query) => {
      const words = queryWords(query)
      for (const matcher of [
        queryMatcher(words),
        looseMatcher(words, 'spaces'),
        looseMatcher(words, 'spaces and end'),
      ]) {
        // With a character that folding leaves out, the text is not plain.
        expect(matcher(text)).toBe(matcher(`${text}\u200b`))
      }
    }),
    { numRuns: 20_000 },
  )
})

test('splits a query into words at any white space and drops words of invisible characters', () => {
  expect(queryWords('  고양이\t ㄳ\n\u3000ㅂㅅㅄ 강ㅄ \u200b ')).toEqual(['고양이', 'ㄳ', 'ㅂㅅㅄ', '강ㅄ'])
  expect(queryWords('   ')).toEqual([])
  expect(queryWords('고양이😀 cat\ud83d \ude00')).toEqual(['고양이😀', 'cat'])
})

test('gives the initial consonants of Hangul and keeps every other character', () => {
  expect(initialsOf('꽃과 Cat 2마리 ㄳ')).toBe('ㄲㄱ cat 2ㅁㄹ ㄱㅅ')
})

test.each([
  ['ㄱㅇ', true],
  ['ㄱㅇㅇ2', true],
  ['ㅋ2', true],
  ['ㄳ', true],
  ['ㄱ', false],
  ['ㄱ이', false],
  ['ㅏㅑ', false],
  ['2k', false],
])('compares %j with initials: %s', (word, expected) => {
  expect(isInitialsWord(word)).toBe(expected)
})

const hangul = fc.string({ unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode), minLength: 1 })

test('finds a text by each of its prefixes, jamo by jamo', () => {
  fc.assert(
    fc.property(hangul, (text) => {
      const jamo = [...text.normalize('NFD')]
      for (let length = 1; length <= jamo.length; length++) {
        const typed = jamo.slice(0, length).join('').normalize('NFC')
        expect(foldText(text).includes(foldText(typed))).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const

const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const hardUnits = fc.constantFrom(
  ...'고닭ㅋㅠㄳㅄﾡﾣᄀᆨ가４Ｋ㎏ﷺ´¨éΣςİıßẞǅŉ❤\ufe0f\u200b\u200d\u0301\u0323\ufeff\u3164 \u00a0\u3000\n🙂',
)
const hardText = fc.string({ unit: fc.oneof(hardUnits, fc.constantFrom(...'abAB12 ')), maxLength: 20 })

test('finds a text by any word that was copied from it, in any normal form', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyText, hardText),
      fc.constantFrom(...forms),
      fc.constantFrom('NFC', 'NFD'),
      (text, stored, typed) => {
        const kept = text.normalize(stored)
        for (const word of queryWords(kept)) expect(matches(kept, word.normalize(typed))).toBe(true)
        // The compatibility forms join loose consonants with the syllables before them (이ㄳ to 잀).
        if (
          stored === 'NFC' ||
          stored === 'NFD' ||
          !/[가-힣\u1100-\u11c2ㄱ-ㅣ][\p{Cf}\p{DI}\p{Mn}]*[ㄱ-ㅣ\uffa1-\uffdc]/u.test(text)
        ) {
          for (const word of queryWords(text)) expect(matches(kept, word.normalize(typed))).toBe(true)
        }
      },
    ),
    {
      numRuns: 5_000,
      examples: [
        ['´\ufeff\u0323', 'NFC', 'NFC'],
        ['고\u200dﾣ', 'NFKC', 'NFC'],
      ],
    },
  )
})

test('finds a text by any word that was copied from it in the other case', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, hardText), fc.constantFrom('NFC', 'NFD'), (text, stored) => {
      const normal = text.normalize(stored)
      for (const word of queryWords(normal)) {
        for (const other of [word.toUpperCase(), word.toLowerCase()]) expect(matches(normal, other)).toBe(true)
      }
    }),
    { numRuns: 5_000 },
  )
})

test('folds every character of Unicode as its other cases and its normal forms', () => {
  const different: string[] = []
  for (let code = 0; code < 0x110000; code++) {
    const char = String.fromCodePoint(code)
    if (!char.isWellFormed()) continue
    const normal = forms.map((form) => char.normalize(form))
    const folded = foldText(char)
    const others = new Set([char.toUpperCase(), char.toLowerCase(), ...normal, folded])
    others.delete(char)
    if ([...others].some((other) => foldText(other) !== folded)) different.push(char)
  }
  expect(different).toEqual([])
})

test('folds a folded text to itself', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, hardText), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text))
    }),
    { numRuns: 5_000 },
  )
})
