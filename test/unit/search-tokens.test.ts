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

describe('a word', () => {
  test.each([
    ['Cat', ['cat', 'at\u00a0', 't\u00a0']],
    ['고양이', ['고양', '양이', '이\u00a0', 'ㄱㅇㅇ', 'ㅇㅇ\u00a0']],
    ['봄', ['봄\u00a0']],
    ['봄비 봄', ['봄비', '비\u00a0', 'ㅂㅂ\u00a0', '봄\u00a0']],
    ['강2ㅋ', ['강2ᄏ', '2ᄏ\u00a0', 'ᄏ\u00a0']],
    ['2강아', ['2강아', '강아', '아\u00a0', 'ㄱㅇ\u00a0']],
    ['a\u0000b  cd\nx', ['a\u00a0', 'b\u00a0', 'cd\u00a0', 'd\u00a0', 'x\u00a0']],
  ])('%j is indexed by %j', (prompt, tokens) => {
    expect(tokensOf(prompt)).toEqual(tokens.map(jamo))
  })

  test('has the same tokens whether its text is plain or not', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'고양닭과abZ9.-" \n'), maxLength: 20 })
    fc.assert(
      fc.property(plain, (text) => {
        // A character that folding leaves out.
        expect(indexTokens(job(`${text}\u200b`))).toBe(indexTokens(job(text)))
      }),
    )
  })

  test('has a prefix before each of its tokens', () => {
    const prefixed = indexTokens(job('고양이 Cat'), 'p')
    expect(prefixed.split(' ')).toEqual(
      indexTokens(job('고양이 Cat'))
        .split(' ')
        .map((token) => `p${token}`),
    )
  })
})

test('indexes a job by its agent and its kind', () => {
  const tokens = indexTokens(job('x', 'a kind\nwith spaces')).split(' ').slice(0, 2)
  expect(tokens).toEqual([labelToken(agent).text, labelToken('a kind\nwith spaces').text])
})

const exact = (text: string) => ({ text, beginning: false })
const beginning = (text: string) => ({ text, beginning: true })

describe('a query', () => {
  test.each([
    ['cats', [exact('cat'), exact('ats')]],
    ['고', [beginning('고')]],
    ['AI', [beginning('ai')]],
    ['꽃', [beginning('꽃')]],
    ['고양', [exact('고양')]],
    ['고야', [beginning('고야')]],
    ['고양이', [exact('고양'), exact('ㄱㅇㅇ')]],
    ['강아ㅈ', [exact('강아'), exact('ㄱㅇㅈ')]],
    ['밤하늘이', [exact('밤하'), exact('하늘'), exact('ㅎㄴㅇ')]],
    ['강ㅏ지', [beginning('강\u1161지')]],
    ['고양이2', [exact('고양'), exact('양이'), beginning('이2')]],
    ['ㅏ강', [beginning('강')]],
    ['ㅠㅠ', [beginning('\u1172')]],
    ['ㄱㅇ', [beginning('ㄱㅇ')]],
    ['ㄱㅇㅇ', [exact('ㄱㅇㅇ')]],
    ['ㄱㅇㅇ2', [exact('ㄱㅇㅇ')]],
    ['ㅇㅅㅇㅈ', [exact('ㅇㅅㅇ'), exact('ㅅㅇㅈ')]],
    ['a\u0000bc', [beginning('a'), beginning('bc')]],
    ['a🙂', [beginning('a🙂')]],
    ['ㅂ', [beginning('ᄇ')]],
    ['🙂', [beginning('🙂')]],
    ['ㅏ', []],
  ])('%j asks for the tokens %j', (word, tokens) => {
    expect(wordTokens(word)).toEqual(tokens.map((token) => ({ ...token, text: jamo(token.text) })))
  })
})

const unit = fc.oneof(
  fc.integer({ min: 0xac00, max: 0xd7a3 }).map(String.fromCharCode),
  fc.constantFrom(...'고양이강아지다달닭ㄱㅇㅈㄳㅋㅏㅠ각ﾡﾣabcABC29"\'*-._()🙂é\u0301İΣ \n\u0000\u00a0\u3000'),
)
const texts = fc.string({ unit, maxLength: 30 })

const isIndexed = (indexed: readonly string[], token: QueryToken): boolean =>
  indexed.some((known) => (token.beginning ? known.startsWith(token.text) : known === token.text))

test('proposes every text that contains a word of the query', () => {
  // A part may begin and end within a syllable.
  const part = fc.tuple(
    texts,
    fc.constantFrom(jamo, (text: string) => text),
    fc.nat(30),
    fc.integer({ min: 1, max: 8 }),
  )
  const initials = fc.constantFrom('ㄱㅇ', 'ㅇㅈ', 'ㄱㅇㅇ', 'ㅇㄱㅇㅈ', 'ㄱㅇㅇ2')
  fc.assert(
    fc.property(part, fc.option(initials), ([text, form, start, length], choseong) => {
      for (const word of queryWords(choseong ?? [...form(text)].slice(start, start + length).join(''))) {
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
    fc.constantFrom(...'고다닭과ㅋㅠㅗㅏㄳabßİ4🙂.東タ\u0301\u0001'),
  )
  const syllables = fc.array(syllable, { minLength: 1, maxLength: 8 })
  const spaces = fc.array(fc.constantFrom('', '', ' ', '  ', '\u3000'), { minLength: 8, maxLength: 8 })
  const around = fc.constantFrom('', '을', ' 사진', 'a')
  fc.assert(
    fc.property(
      syllables,
      spaces,
      around,
      around,
      fc.boolean(),
      fc.nat(2),
      (word, between, before, after, isLast, cut) => {
        const text =
          before +
          word.map((char, index) => (index > 0 ? between[index] : '') + char).join('') +
          after +
          (isLast ? '' : ' a')
        // Without its first letters, the query begins within a syllable.
        const query = word.join('').normalize('NFD').slice(cut).normalize('NFC')
        const words = isLast ? [query] : [query, 'a']
        fc.pre(looseMatcher(words, 'spaces and end')(text))
        const indexed = tokensOf(text)
        const required = looseTokens(query, isLast).every((alternatives) =>
          alternatives.some((tokens) => tokens.every((token) => isIndexed(indexed, token))),
        )
        expect(required, JSON.stringify([query, text])).toBe(true)
      },
    ),
    { numRuns: 3_000 },
  )
})

describe('the second choice', () => {
  const conditions = (word: string, isLast = true) =>
    looseTokens(word, isLast).map((alternatives) => alternatives.map(([token]) => token))
  const of = (...tokens: QueryToken[]) => tokens.map((token) => ({ ...token, text: jamo(token.text) }))

  test('proposes texts for an unfinished syllable by each syllable that it may become', () => {
    expect(conditions('고')).toEqual([of(...['고', '과', '괘', '괴'].map(beginning))])
    expect(conditions('갑')).toEqual([of(beginning('갑'), beginning('값'), beginning('가ᄇ'), exact('가\u00a0'))])
  })

  test('asks at each place for a space for the syllables on both sides of it, or for the end of the word before it', () => {
    expect(conditions('고양이', false)).toEqual([
      of(exact('고양'), exact('고\u00a0')),
      of(beginning('양이'), exact('양\u00a0')),
    ])
    expect(conditions('2a고', false)).toEqual([
      of(beginning('2a'), exact('2\u00a0')),
      of(beginning('a고'), exact('a\u00a0')),
    ])
  })

  test('asks for the end of a word only if little else is required', () => {
    expect(conditions('바다')).toEqual([of(beginning('바다'), exact('바\u00a0')), of(beginning('다'))])
    expect(conditions('밤바다')).toHaveLength(2)
  })
})
