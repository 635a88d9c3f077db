/**
 * The tokens by which the index proposes texts for the second choice of a search, `loose-search.ts`. There is a condition for
 * every place where a space may stand, not an alternative for every way to set the spaces: the index reads each token once.
 */
import { isInitial, openEndings, syllablePieces } from './loose-search.ts'
import { foldText, isInitialsWord } from './search-text.ts'
import {
  ngrams,
  type QueryToken,
  sampleEvenly,
  separators,
  type TokenAlternatives,
  wordEnd,
  wordTokens,
} from './search-tokens.ts'

/** The conditions for a word of a query; none if the index cannot look it up. */
export function looseTokens(word: string, isLast: boolean): TokenAlternatives[] {
  if (isInitialsWord(word)) return [[wordTokens(word)]].filter(([tokens]) => tokens?.length)
  const pieces = foldText(word).split(separators)
  return pieces.flatMap((piece, index) => conditionsOf(piece, isLast && index === pieces.length - 1))
}

function conditionsOf(folded: string, isLast: boolean): TokenAlternatives[] {
  const endings = isLast ? openEndings(folded) : null
  const syllables = syllablePieces(endings === null ? folded : folded.slice(0, -1)).map((piece) => [...piece])
  const chars = syllables.flat()
  const spaces = syllables.slice(0, -1).map((_, index) => syllables.slice(0, index + 1).flat().length)
  const tokens = ngrams(chars.join(''), 3).map((text, start) => ({
    token: whole(text),
    crossed: spaces.filter((at) => start < at && at < start + 3),
  }))
  const always = tokens.filter(({ crossed }) => crossed.length === 0).map(({ token }) => [[token]])
  const atSpaces = spaces.map((at, index): TokenAlternatives => {
    const joined = tokens.filter(({ crossed }) => crossed.length === 1 && crossed[0] === at)
    const before = (syllables[index] as string[]).slice(-2)
    // Without tokens on one side, nothing is required here.
    if (joined.length === 0 || before.length < 2) return []
    return [joined.map(({ token }) => token), [whole(before.join('') + wordEnd)]]
  })
  const conditions = sampleEvenly([...always, ...atSpaces].filter(({ length }) => length > 0))
  const end = endTokens(syllables.at(-1) as string[], endings)
  // The index reads every token with a beginning of two characters, so it does so only if little else is required.
  const isNeeded = end.length > 0 && (conditions.length < 2 || !end.some(([token]) => token?.beginning))
  return isNeeded ? [...conditions, end] : conditions
}

/** The alternatives for the end of a word, which one of `endings` completes; none if other conditions cover it. */
function endTokens(syllable: readonly string[], endings: readonly string[] | null): TokenAlternatives {
  if (endings === null) return syllable.length === 2 ? [[{ text: syllable.join(''), beginning: true }]] : []
  if (syllable.length === 0) return []
  const end = (jamo: string): QueryToken[] => {
    const text = [...syllable.slice(-2), jamo].join('')
    return [{ text, beginning: text.length < 3 }]
  }
  return endings.flatMap((ending) => {
    const [first = ''] = ending
    // The next syllable, or a space before it.
    return isInitial(first) ? [end(first), end(wordEnd)] : [end(first)]
  })
}

const whole = (text: string): QueryToken => ({ text, beginning: false })
