import { describe, expect, test } from 'vitest'
import { looseMatcher } from '../../src/core/domain/loose-search.ts'
import { looseTokens } from '../../src/core/domain/loose-tokens.ts'
import { queryMatcher, queryWords } from '../../src/core/domain/search-text.ts'
import { indexTokens, labelToken, type QueryToken, wordTokens } from '../../src/core/domain/search-tokens.ts'
import fc from '../support/fast-check.ts'

const jamo = (text: string) => text.normalize('NFD')
const agent = 'agent-1'
const job = (prompt: string, kind = 'image') => ({ agent, kind, model: '', prompt, chatTitle: null }) as const
/** The tokens of a prompt alone. */
const tokensOf = (prompt: string) => indexTokens(job(prompt)).split(' ').slice(2)

test('indexes a word by its runs of three characters, its end and the runs of its initials', () => {
  expect(tokensOf('Cat')).toEqual(['cat', 'at\u00a0'])
  expect(tokensOf('고야')).toEqual([jamo('고야').slice(0, 3), jamo('고야').slice(1), `${jamo('야')}\u00a0`, 'ㄱㅇ'])
  expect(tokensOf('a\u0000b  cd\nx')).toEqual(['cd\u00a0'])
})

test('indexes a job by its agent and its kind', () => {
  const tokens = indexTokens(job('x', 'a kind\nwith spaces')).split(' ')
  expect(tokens).toEqual([labelToken(agent).text, labelToken('a kind\nwith spaces').text])
})

const exact = (text: string) => ({ text, beginning: false })

describe('a query', () => {
  test.each([
    ['cats', [exact('cat'), exact('ats')]],
    ['고', [{ text: jamo('고'), beginning: true }]],
    ['AI', [{ text: 'ai', beginning: true }]],
    ['꽃', [exact(jamo('꽃'))]],
    ['ㄱㅇ', [exact('ㄱㅇ')]],
    ['ㅇㅅㅇㅈ', [exact('ㅇㅅㅇ'), exact('ㅅㅇㅈ')]],
    ['a\u0000bc', [{ text: 'bc', beginning: true }]],
    ['a🙂', [{ text: 'a🙂', beginning: true }]],
    ['ㅂ', []],
    ['🙂', []],
    ['q', []],
  ])('%j asks for the tokens %j', (word, tokens) => {
    expect(wordTokens(word)).toEqual(tokens)
  })
})

const unit = fc.oneof(
  fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode),
  fc.constantFrom(...'고양이강아지ㄱㅇㅈㄳㅋㅏabcABC"\'*-._()🙂é\u0301İΣ \n\u0000\u00a0\u3000'),
)
const texts = fc.string({ unit, maxLength: 30 })

const isIndexed = (indexed: readonly string[], token: QueryToken): boolean =>
  indexed.some((known) => (token.beginning ? known.startsWith(token.text) : known === token.text))

test('proposes every text that contains a word of the query', () => {
  const part = fc.tuple(texts, fc.nat(30), fc.integer({ min: 1, max: 8 }))
  const initials = fc.constantFrom('ㄱㅇ', 'ㅇㅈ', 'ㄱㅇㅇ', 'ㅇㄱㅇㅈ')
  fc.assert(
    fc.property(part, fc.option(initials), ([text, start, length], choseong) => {
      for (const word of queryWords(choseong ?? [...text].slice(start, start + length).join(''))) {
        if (!queryMatcher([word])(text)) continue
        const indexed = tokensOf(text)
        for (const token of wordTokens(word)) {
          const found = isIndexed(indexed, token)
          expect(found, `${JSON.stringify(word)} in ${JSON.stringify(text)}`).toBe(true)
        }
      }
    }),
    { numRuns: 5_000 },
  )
})

test('proposes every text that matches a word by the second choice, wherever its spaces are', () => {
  const syllable = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode) },
    fc.constantFrom(...'고다닭과ㅋㅠㄳab4🙂.\u0001'),
  )
  const syllables = fc.array(syllable, { minLength: 1, maxLength: 8 })
  const spaces = fc.array(fc.constantFrom('', '', ' ', '  ', '\u3000'), { minLength: 8, maxLength: 8 })
  const around = fc.constantFrom('', '을', ' 사진', 'a')
  fc.assert(
    fc.property(syllables, spaces, around, around, fc.boolean(), (word, between, before, after, isLast) => {
      const text =
        before +
        word.map((char, index) => (index > 0 ? between[index] : '') + char).join('') +
        after +
        (isLast ? '' : ' a')
      const query = word.join('').normalize('NFC')
      const words = isLast ? [query] : [query, 'a']
      fc.pre(looseMatcher(words)(text))
      const indexed = tokensOf(text)
      const required = looseTokens(query, isLast).every((alternatives) =>
        alternatives.some((tokens) => tokens.every((token) => isIndexed(indexed, token))),
      )
      expect(required, JSON.stringify([query, text])).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})

test('proposes texts for an unfinished syllable by each syllable that it may become', () => {
  const alternatives = (word: string) => looseTokens(word, true).map((tokens) => tokens.map(([token]) => token))
  expect(alternatives('고')).toEqual([['고', '과', '괘', '괴'].map((text) => ({ text: jamo(text), beginning: true }))])
  const next = `${jamo('가')}\u1107`
  expect(alternatives('갑')).toEqual([[jamo('갑'), jamo('값'), next, `${jamo('가')}\u00a0`].map(exact)])
})
