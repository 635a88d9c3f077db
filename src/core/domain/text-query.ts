/** A parsed search text: the tokens for the index, and the test that each candidate must pass. */
import { canMatchMore, type Ignored, looseMatcher, looseRangeFinder } from './loose-search.ts'
import { looseTokens } from './loose-tokens.ts'
import { queryMatcher, queryWords, rangeFinder, type TextRange } from './search-text.ts'
import { type TokenAlternatives, wordTokens } from './search-tokens.ts'

export interface TextQuery {
  words: readonly string[]
  /** Whether this is a second choice. */
  isLoose: boolean
  /** Conditions that every matching entry fulfils; empty if the index cannot look up any word. */
  tokens: readonly TokenAlternatives[]
  /** Whether `tokens` are single letters, for which the index reads a large share of its entries. */
  isOfLetters: boolean
  matches(text: string): boolean
  /** The matching ranges of a text. */
  ranges(text: string): TextRange[]
}

export function exactQuery(text: string): TextQuery {
  const words = queryWords(text)
  return {
    words,
    isLoose: false,
    ...conditions(words.flatMap(wordTokens).map((token) => [[token]])),
    matches: queryMatcher(words),
    ranges: rangeFinder(words),
  }
}

/** The second choice for the words of an exact query without matches; null if it can match nothing more. */
export const looseQuery = ({ words }: TextQuery): TextQuery | null =>
  canMatchMore(words, 'spaces and end') ? looseQueryOf(words, 'spaces and end') : null

/** What follows the matches of an exact query: texts that differ only in spaces; null if there can be none. */
export function spacedQuery(exact: TextQuery): TextQuery | null {
  if (exact.isLoose || !canMatchMore(exact.words, 'spaces')) return null
  const spaced = looseQueryOf(exact.words, 'spaces')
  return { ...spaced, matches: (text) => spaced.matches(text) && !exact.matches(text) }
}

const looseQueryOf = (words: readonly string[], ignored: Ignored): TextQuery => ({
  words,
  isLoose: true,
  ...conditions(words.flatMap((word, index) => looseTokens(word, index === words.length - 1))),
  matches: looseMatcher(words, ignored),
  ranges: looseRangeFinder(words, ignored),
})

const isOfLetter = (alternatives: TokenAlternatives): boolean =>
  alternatives.some((tokens) => tokens.every(({ text }) => [...text].length === 1))

/** Conditions of single letters are used only if there are no others: those propose fewer texts with less work. */
function conditions(all: readonly TokenAlternatives[]): Pick<TextQuery, 'tokens' | 'isOfLetters'> {
  const longer = all.filter((alternatives) => !isOfLetter(alternatives))
  return longer.length > 0 ? { tokens: longer, isOfLetters: false } : { tokens: all, isOfLetters: all.length > 0 }
}
