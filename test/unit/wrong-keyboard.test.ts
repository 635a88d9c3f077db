import { expect, test } from 'vitest'
import { inOtherKeyboardMode } from '../../src/core/domain/wrong-keyboard.ts'
import fc from '../support/fast-check.ts'

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
])('reads %j as the Korean word %j', (typed, expected) => {
  expect(inOtherKeyboardMode(typed)).toBe(expected)
})

test.each([
  ['RHDIDDL', '고양이'],
  ['DKSSUD 4K', '안녕 4K'],
])('takes the capitals of %j for Caps Lock', (typed, expected) => {
  expect(inOtherKeyboardMode(typed)).toBe(expected)
})

test.each([
  ['ㅊㅁㅅ', 'cat'],
  ['ㅏㅣㅑㅜㅎ', 'kling'],
  ['서ㅐㅛ', 'tjoy'],
  ['ㅍ대 3', 'veo 3'],
  ['없다', 'djqtek'],
])('reads %j as the Latin word %j', (typed, expected) => {
  expect(inOtherKeyboardMode(typed)).toBe(expected)
})

test('changes only the words that make sense in the other mode', () => {
  expect(inOtherKeyboardMode('rhdiddl 4k')).toBe('고양이 4k')
})

test.each(['cat', 'zzz', 'rr', 'kk', 'rhdiddl1', '', '   ', 'a', '4k', '🙂'])('leaves %j alone', (typed) => {
  expect(inOtherKeyboardMode(typed)).toBeNull()
})

test('gives whole syllables for Latin letters, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'qwertyuiopasdfghjklzxcvbnmQWERTOP') }), (typed) => {
      expect(inOtherKeyboardMode(typed) ?? '가').toMatch(/^[가-힣]+$/u)
    }),
  )
})

test('leads back from the keys of any Korean word to that word', () => {
  const word = fc.string({ unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode), minLength: 1 })
  fc.assert(
    fc.property(word, (korean) => {
      const keys = inOtherKeyboardMode(korean) as string
      // Capitals alone would be taken for Caps Lock.
      fc.pre(keys !== keys.toUpperCase())
      expect(inOtherKeyboardMode(keys)).toBe(korean)
    }),
  )
})
