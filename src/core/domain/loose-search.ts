/**
 * The second choice of a search, for a query without exact matches: spaces are ignored (벚꽃야경 → 벚꽃 야경), and the last
 * syllable counts as unfinished (달 → 닭, 고 → 과).
 */
import { foldText, isInitialsWord, matchesQuery, mergeRanges, rangesOf } from './search-text.ts'

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

/**
 * The offsets in a folded word at which a Hangul syllable begins, the start of the word aside: a space may stand there.
 */
export const syllableStarts = (folded: string): number[] =>
  [...folded.matchAll(/(?<=.)[\u1100-\u1112]/gsu)].map((match) => match.index)

/** A pattern of the folded text for a word with spaces between its syllables, the last of which may be unfinished. */
function patternOf(word: string, isLast: boolean): RegExp {
  const folded = foldText(word)
  const ending = isLast ? openEnding(folded) : null
  const starts = [0, ...syllableStarts(folded)]
  const pieces = starts.map((start, index) => folded.slice(start, starts[index + 1]))
  if (ending) pieces.push((pieces.pop() as string).slice(0, -1))
  const literal = pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return new RegExp(literal.join('\\s*') + (ending ? `[${ending}]` : ''), 'gu')
}

const loosePatterns = (words: readonly string[]): { byInitials: string[]; patterns: RegExp[] } => ({
  byInitials: words.filter(isInitialsWord),
  patterns: words.flatMap((word, index) => (isInitialsWord(word) ? [] : [patternOf(word, index === words.length - 1)])),
})

/** Whether a text matches every word of a query by the second choice. */
export function matchesLoosely(text: string, words: readonly string[]): boolean {
  const { byInitials, patterns } = loosePatterns(words)
  const folded = foldText(text)
  return matchesQuery(text, byInitials) && patterns.every((pattern) => folded.search(pattern) >= 0)
}

/** The ranges of a text that match by the second choice; shapes as those of `matchRanges`. */
export const looseRanges = (text: string, words: readonly string[]): [number, number][] =>
  mergeRanges(
    loosePatterns(words).patterns.flatMap((pattern) =>
      rangesOf(text, foldText, (folded) =>
        [...folded.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]),
      ),
    ),
  )
