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
  ['rhdiddl2', '고양이2'],
  ['rhdiddl, 4k', '고양이, 4k'],
])('reads %j as the Korean text %j', (typed, expected) => {
  expect(inOtherKeyboardMode(typed)).toEqual([expected])
})

test.each([
  ['RHDIDDL', '고양이'],
  ['DKSSUD 4K', '안녕 4K'],
  ['rHC', '꽃'],
  ['DpqMS', '예쁜'],
])('takes the capitals of %j for Caps Lock', (typed, expected) => {
  expect(inOtherKeyboardMode(typed)).toEqual([expected])
})

test.each([
  ['ㅊㅁㅅ', 'cat'],
  ['ㅏㅣㅑㅜㅎ', 'kling'],
  ['서ㅐㅛ', 'tjoy'],
  ['ㅍ대 3', 'veo 3'],
  ['없다', 'djqtek'],
  ['ㅍ대3.1', 'veo3.1'],
])('reads %j as the Latin text %j', (typed, expected) => {
  expect(inOtherKeyboardMode(typed)).toEqual([expected])
})

test('changes only the words that make sense in the other mode', () => {
  expect(inOtherKeyboardMode('rhdiddl 4k')).toEqual(['고양이 4k'])
})

test('changes both scripts, or one of them if the mode was wrong only there', () => {
  expect(inOtherKeyboardMode('rhdiddl 사진')).toEqual(['고양이 tkwls', '고양이 사진', 'rhdiddl tkwls'])
  expect(inOtherKeyboardMode('ㅍ대 rhdiddl')[0]).toBe('veo 고양이')
})

test.each(['cat', 'zzz', 'rr', 'kk', '', '   ', 'a', '4k', '🙂'])('leaves %j alone', (typed) => {
  expect(inOtherKeyboardMode(typed)).toEqual([])
})

test('gives whole syllables for Latin letters, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'qwertyuiopasdfghjklzxcvbnmQWERTOP') }), (typed) => {
      for (const text of inOtherKeyboardMode(typed)) expect(text).toMatch(/^[가-힣]+$/u)
    }),
  )
})

test('leads back from the keys of any Korean word to that word', () => {
  const word = fc.string({ unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode), minLength: 1 })
  fc.assert(
    fc.property(word, (korean) => {
      const [keys = ''] = inOtherKeyboardMode(korean)
      // Capitals alone would be taken for Caps Lock.
      fc.pre(keys !== keys.toUpperCase())
      expect(inOtherKeyboardMode(keys)).toEqual([korean])
      const locked = keys.replace(/[a-z]+|[A-Z]+/g, (run) => (run < 'a' ? run.toLowerCase() : run.toUpperCase()))
      if (/[^qwertop]/i.test(keys)) expect(inOtherKeyboardMode(locked)).toEqual([korean])
    }),
  )
})
