/**
 * The second choice of a search, for a query without exact matches: spaces are ignored (벚꽃야경 → 벚꽃 야경), and the last
 * syllable counts as unfinished (달 → 닭, 고 → 과).
 */
import { foldText, isInitialsWord, matchRanges, mergeRanges, queryMatcher, rangesOf } from './search-text.ts'

/** The jamo that a keyboard still turns into others with the next key: vowels and final consonants. */
const unfinished: readonly string[] = [
  '\u1169\u116a\u116b\u116c',
  '\u116e\u116f\u1170\u1171',
  '\u1173\u1174',
  '\u11a8\u11a9\u11aa',
  '\u11ab\u11ac\u11ad',
  '\u11af\u11b0\u11b1\u11b2\u11b3\u11b4\u11b5\u11b6',
  '\u11b8\u11b9',
  '\u11ba\u11bb',
]

/** The jamo that the last one of a folded word may become, itself included; null if it is finished. */
export const openEnding = (folded: string): string | null =>
  unfinished.find((jamo) => folded.endsWith(jamo[0] as string)) ?? null

/** The pieces of a folded word before each of which a space may stand, the first one aside. */
export const syllablePieces = (folded: string): string[] => folded.split(/(?<!^)(?=[\u1100-\u1112])/u)

/** Whether the second choice can match more than an exact search of these words. */
export const canMatchMore = (words: readonly string[]): boolean =>
  words.some(
    (word, index) =>
      !isInitialsWord(word) &&
      (syllablePieces(foldText(word)).length > 1 ||
        (index === words.length - 1 && openEnding(foldText(word)) !== null)),
  )

/** A pattern of the folded text for a word with spaces between its syllables, the last of which may be unfinished. */
function patternOf(word: string, isLast: boolean): RegExp {
  const folded = foldText(word)
  const ending = isLast ? openEnding(folded) : null
  const known = ending === null ? folded : folded.slice(0, -1)
  const literal = syllablePieces(known).map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return new RegExp(literal.join('\\s*') + (ending === null ? '' : `[${ending}]`), 'gu')
}

const loosePatterns = (words: readonly string[]): RegExp[] =>
  words.flatMap((word, index) => (isInitialsWord(word) ? [] : [patternOf(word, index === words.length - 1)]))

/** A function that decides whether a text matches every word of a query by the second choice. */
export function looseMatcher(words: readonly string[]): (text: string) => boolean {
  const patterns = loosePatterns(words)
  const matchesInitials = queryMatcher(words.filter(isInitialsWord))
  return (text) => {
    const folded = foldText(text)
    return patterns.every((pattern) => folded.search(pattern) >= 0) && matchesInitials(text)
  }
}

/** The ranges of a text that match by the second choice; shapes as those of `matchRanges`. */
export const looseRanges = (text: string, words: readonly string[]): [number, number][] =>
  mergeRanges([
    ...matchRanges(text, words.filter(isInitialsWord)),
    ...loosePatterns(words).flatMap((pattern) =>
      rangesOf(text, foldText, (folded) =>
        [...folded.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]),
      ),
    ),
  ])
