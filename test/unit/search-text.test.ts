import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  foldText,
  foldWord,
  fromWrongKeyboard,
  initialsOf,
  isChoseongWord,
  matchesQuery,
  queryWords,
} from '../../src/core/domain/search-text.ts'

const matches = (text: string, query: string) => matchesQuery(text, queryWords(query))

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
  ['İstanbul', 'istanbul', false],
  ['STRASSE', 'strasse', true],
  ['café', 'cafe\u0301', true],
  ['', 'ㄱ', false],
  ['무엇이든', '', true],
])('decides if %j matches the query %j: %s', (text, query, expected) => {
  expect(matches(text, query)).toBe(expected)
})

test('splits words at any white space, and separates consonants that a keyboard joined', () => {
  expect(queryWords('  고양이\t ㄳ\n\u3000ㅂㅅㅄ 강ㅄ ')).toEqual(['고양이', 'ㄱㅅ', 'ㅂㅅㅂㅅ', '강ㅄ'])
  expect(queryWords('   ')).toEqual([])
})

test('takes the initial consonants of Hangul and leaves other text unchanged', () => {
  expect(initialsOf('꽃과 Cat 2마리 ㄳ')).toBe('ㄲㄱ cat 2ㅁㄹ ㄱㅅ')
  expect(isChoseongWord('ㄱㅇ')).toBe(true)
  expect(isChoseongWord('ㄱ')).toBe(false)
  expect(isChoseongWord('ㄱ이')).toBe(false)
  expect(isChoseongWord('ㅏㅑ')).toBe(false)
})

const hangul = fc.string({ unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode), minLength: 1 })

test('finds a text by each of its prefixes, jamo by jamo', () => {
  fc.assert(
    fc.property(hangul, (text) => {
      const jamo = [...text.normalize('NFD')]
      for (let length = 1; length <= jamo.length; length++) {
        const typed = jamo.slice(0, length).join('').normalize('NFC')
        expect(foldText(text).includes(foldWord(typed))).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

describe('text from the wrong keyboard', () => {
  test.each([
    ['rhdiddl', '고양이'],
    ['dkssud', '안녕'],
    ['dkssudgktpdy', '안녕하세요'],
    ['ekfr', '닭'],
    ['ekfrl', '달기'],
    ['ekfrrl', '닭기'],
    ['Ehd', '똥'],
    ['RhC', '꽃'],
    ['dhkd', '왕'],
    ['dmltk', '의사'],
    ['djqtdj', '없어'],
    ['rhdiddl tkwls', '고양이 사진'],
  ])('turns %s into %s', (typed, expected) => {
    expect(fromWrongKeyboard(typed)).toBe(expected)
  })

  test.each(['cat', 'zzz', 'rr', 'kk', '고양이', 'rhdiddl1', '', '   ', 'a'])('makes no syllables of %j', (typed) => {
    expect(fromWrongKeyboard(typed)).toBeNull()
  })

  test('becomes whole syllables or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'qwertyuiopasdfghjklzxcvbnmQWERTOP ') }), (typed) => {
        expect(fromWrongKeyboard(typed) ?? '가').toMatch(/^[가-힣\s]*$/u)
      }),
    )
  })
})
