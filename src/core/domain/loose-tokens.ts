/**
 * The tokens by which the index proposes texts for a loose search (`loose-search.ts`). Each possible space adds one condition;
 * alternatives for all combinations of spaces would read the same tokens many times.
 */
import { isInitial, openEndings, piecesOf } from './loose-search.ts'
import { wordEnd } from './plain-tokens.ts'
import { foldText, isInitialsWord } from './search-text.ts'
import {
  exactly,
  fromFirstUnit,
  isOpen,
  type QueryToken,
  queryTokens,
  sampleEvenly,
  separators,
  type TokenAlternatives,
  unitsOf,
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
  const known = fromFirstUnit(endings === null ? folded : folded.slice(0, -1))
  if (known === '') return []
  const pieces = piecesOf(known).map(unitsOf)
  const insidePieces = pieces.flatMap(wholeTokens)
  const atSpaces = pieces.slice(0, -1).map((units, index) => {
    const next = pieces[index + 1] as string[]
    const before = units.slice(Math.min(wholeTokens(units).length, units.length - 1))
    const [joined] = queryTokens([...before, ...next], index === pieces.length - 2)
    return [[joined as QueryToken], [exactly(before.join('') + wordEnd)]]
  })
  const conditions = sampleEvenly([...insidePieces.map((token) => [[token]]), ...atSpaces])
  // A word may end in many ways, each of which costs a read: worth it only without other conditions.
  if (conditions.length > 1) return conditions
  const end = endTokens(pieces.at(-1) as string[], endings)
  return end.length > 0 ? [...conditions, end] : conditions
}

/** The tokens that lie wholly within a piece. */
const wholeTokens = (units: readonly string[]): QueryToken[] =>
  queryTokens(units, false).filter(({ beginning }) => !beginning)

/** The alternatives for the end of a word, which one of `endings` completes; none if `wholeTokens` cover it. */
function endTokens(units: readonly string[], endings: readonly string[] | null): TokenAlternatives {
  if (endings === null) return queryTokens(units, true).flatMap((token) => (token.beginning ? [[token]] : []))
  const last = units.at(-1) as string
  // A loose vowel completes no syllable.
  const unfinished = isOpen(last) ? last : ''
  return endings.flatMap((ending) => {
    const completed = unfinished + ending
    // The initial of the next syllable, or a space before it.
    return isInitial(completed.at(-1) as string)
      ? [[beginningWith(completed)], [exactly(completed.slice(0, -1) + wordEnd)]]
      : [[beginningWith(completed)]]
  })
}

const beginningWith = (text: string): QueryToken => ({ text, beginning: true })
