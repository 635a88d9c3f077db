/** A search text as the store needs it: the tokens for the index, and the decision about each candidate. */
import { looseRanges, matchesLoosely } from './loose-search.ts'
import { matchesQuery, matchRanges, queryWords } from './search-text.ts'
import { looseTokens, type TokenAlternatives, wordTokens } from './search-tokens.ts'

export interface TextQuery {
  words: readonly string[]
  /** Whether this is the second choice, for a text without exact matches. */
  isLoose: boolean
  /** The words that the index can look up; empty if none is long enough. */
  tokens: readonly TokenAlternatives[]
  matches(text: string): boolean
  /** The matching ranges of a text, in UTF-16 units. */
  ranges(text: string): [number, number][]
}

export function exactQuery(text: string): TextQuery {
  const words = queryWords(text)
  return {
    words,
    isLoose: false,
    tokens: words.map((word) => [wordTokens(word)]).filter(([tokens]) => tokens?.length),
    matches: (candidate) => matchesQuery(candidate, words),
    ranges: (candidate) => matchRanges(candidate, words),
  }
}

export function looseQuery(text: string): TextQuery {
  const words = queryWords(text)
  return {
    words,
    isLoose: true,
    tokens: words
      .map((word, index) => looseTokens(word, index === words.length - 1))
      .filter((alternatives) => alternatives.length > 0),
    matches: (candidate) => matchesLoosely(candidate, words),
    ranges: (candidate) => looseRanges(candidate, words),
  }
}
