/** A parsed search text: the tokens for the index, and the test that each candidate must pass. */
import { canMatchMore, looseMatcher, looseRanges } from './loose-search.ts'
import { looseTokens } from './loose-tokens.ts'
import { matchRanges, queryMatcher, queryWords } from './search-text.ts'
import { type TokenAlternatives, wordTokens } from './search-tokens.ts'

export interface TextQuery {
  words: readonly string[]
  /** Whether this is the second choice, for a text without exact matches. */
  isLoose: boolean
  /** Conditions that every matching entry fulfils; empty if the index cannot look up any word. */
  tokens: readonly TokenAlternatives[]
  /** Whether `tokens` are single letters, for which the index reads a large share of its entries. */
  isOfLetters: boolean
  matches(text: string): boolean
  /** The matching ranges of a text, in UTF-16 units. */
  ranges(text: string): [number, number][]
}

export function exactQuery(text: string): TextQuery {
  const words = queryWords(text)
  return {
    words,
    isLoose: false,
    ...conditions(words.flatMap(wordTokens).map((token) => [[token]])),
    matches: queryMatcher(words),
    ranges: (candidate) => matchRanges(candidate, words),
  }
}

/** The second choice for the words of an exact query; null if it can match nothing more. */
export function looseQuery({ words }: TextQuery): TextQuery | null {
  if (!canMatchMore(words)) return null
  return {
    words,
    isLoose: true,
    ...conditions(words.flatMap((word, index) => looseTokens(word, index === words.length - 1))),
    matches: looseMatcher(words),
    ranges: (candidate) => looseRanges(candidate, words),
  }
}

const isOfLetter = (alternatives: TokenAlternatives): boolean =>
  alternatives.some((tokens) => tokens.every(({ text }) => [...text].length === 1))

/** Conditions of single letters are used only if there are no others: those propose fewer texts with less work. */
function conditions(all: readonly TokenAlternatives[]): Pick<TextQuery, 'tokens' | 'isOfLetters'> {
  const longer = all.filter((alternatives) => !isOfLetter(alternatives))
  return longer.length > 0 ? { tokens: longer, isOfLetters: false } : { tokens: all, isOfLetters: all.length > 0 }
}
