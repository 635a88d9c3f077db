import { describe, expect, test } from 'vitest'
import { matchesLoosely } from '../../src/core/domain/loose-search.ts'
import { matchesQuery, queryWords } from '../../src/core/domain/search-text.ts'
import {
  indexTokens,
  labelToken,
  looseTokens,
  type QueryToken,
  wordTokens,
} from '../../src/core/domain/search-tokens.ts'
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

describe('a query', () => {
  const exact = (text: string) => ({ text, beginning: false })
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
        if (!matchesQuery(text, [word])) continue
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

test('proposes every text that matches a word of up to six syllables by the second choice with two spaces', () => {
  const syllables = fc.string({
    unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode),
    minLength: 2,
    maxLength: 6,
  })
  fc.assert(
    fc.property(syllables, fc.nat(5), fc.nat(5), fc.constantFrom('', '을', ' 사진'), (word, first, second, after) => {
      const spaced = [...word].map((char, index) =>
        index > 0 && (index === first || index === second) ? ` ${char}` : char,
      )
      const text = `밤 ${spaced.join('')}${after}`
      expect(matchesLoosely(text, [word])).toBe(true)
      const indexed = tokensOf(text)
      const alternatives = looseTokens(word, true)
      expect(alternatives.some((tokens) => tokens.every((token) => isIndexed(indexed, token)))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
