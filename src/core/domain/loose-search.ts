/**
 * The second choice of a search. For a query without exact matches, spaces are ignored (벚꽃야경 → 벚꽃 야경, 역2번 → 역 2번), and the
 * last syllable counts as unfinished (달 → 닭, 고 → 과, 광 → 과일). After exact matches, only spaces are ignored, and only where the
 * match begins with a word, so that 이준 does not find 고양이 준비.
 */
import { clusters, finals, firstFinal } from './hangul.ts'
import {
  escaped,
  foldText,
  isInitialsWord,
  isPlain,
  mergeRanges,
  queryMatcher,
  rangeFinder,
  rangesOf,
  type TextRange,
} from './search-text.ts'

/** Vowels that a keyboard joins with the next vowel, each followed by its joined forms: ㅗ, then ㅘ, ㅙ and ㅚ. */
const vowels = ['\u1169\u116a\u116b\u116c', '\u116e\u116f\u1170\u1171', '\u1173\u1174']
const finalOf = (consonant: string) => String.fromCharCode(firstFinal - 1 + finals.indexOf(consonant))

/** The forms that a typed final may take: itself, a double final, or the initial of the next syllable, whole or in half. */
function endingsOfFinal(consonant: string): string[] {
  const pair = clusters[consonant]
  if (pair) return [finalOf(consonant), finalOf(pair[0] as string) + foldText(pair[1] as string)]
  const doubles = Object.keys(clusters).filter((cluster) => clusters[cluster]?.startsWith(consonant))
  return [...[consonant, ...doubles].map(finalOf), foldText(consonant)]
}

const endings = new Map([
  ...vowels.map(([first = '', ...others]): [string, string[]] => [first, [first, ...others]]),
  ...[...finals.trim()].map((consonant): [string, string[]] => [finalOf(consonant), endingsOfFinal(consonant)]),
])

/** The forms that the last jamo of a folded word may take while its syllable is typed; null if it cannot change. */
export const openEndings = (folded: string): readonly string[] | null => endings.get(folded.at(-1) ?? '') ?? null

/** Whether a folded text begins with the initial of a syllable. */
export const isInitial = (char: string): boolean => /^[\u1100-\u1112]/u.test(char)

const scripts = ['Latin', 'Greek', 'Cyrillic', 'Han', 'Hiragana', 'Katakana'].map((name) => `\\p{Script=${name}}`)
const jamo = '\\u1100-\\u1112\\u1161-\\u1175\\u11a8-\\u11c2'
const runs = ['\\p{N}', ...scripts, `[\\p{L}--[${scripts.join('')}${jamo}]]`].map((char) => `(?:${char}\\p{M}*)+`)
const piece = new RegExp(
  ['[\\u1100-\\u1112]?[\\u1161-\\u1175][\\u11a8-\\u11c2]*', `[${jamo}]`, ...runs, '[^\\p{L}\\p{N}]+'].join('|'),
  'gv',
)

/**
 * The pieces of a folded word: its syllables, its loose vowels (망했다ㅠㅠ), and the runs of letters of one script, of digits
 * and of other characters (역2번, 구hdr). A space may stand before each but the first.
 */
export const piecesOf = (folded: string): string[] => folded.match(piece) ?? []

/** Whether the second choice can match more than an exact search of these words. */
export const canMatchMore = (words: readonly string[], ignored: Ignored): boolean =>
  words.some((word, index) => {
    if (isInitialsWord(word)) return false
    const canEnd = ignored === 'spaces and end' && index === words.length - 1
    return piecesOf(foldText(word)).length > 1 || (canEnd && openEndings(foldText(word)) !== null)
  })

/** A pattern of a folded or plain text for a word with spaces between its pieces. */
const spaced = (folded: string, form: 'NFC' | 'NFD' = 'NFD'): string =>
  piecesOf(folded)
    .map((piece) => escaped(piece.normalize(form)))
    .join('\\s*')

/** A pattern of the folded text for a word with spaces between its pieces, the last of which may be unfinished. */
function patternOf(word: string, isLast: boolean): RegExp {
  const folded = foldText(word)
  const open = isLast ? openEndings(folded) : null
  const known = open === null ? folded : folded.slice(0, -1)
  const ends = open?.map((ending) => ending.replace(/[\u1100-\u1112]/u, '\\s*$&')) ?? ['']
  return new RegExp(`${spaced(known)}(?:${ends.join('|')})`, 'gu')
}

/** A pattern of the folded text for a word, or for the word with spaces between its pieces at the beginning of another. */
const spacedPatternOf = (word: string): RegExp =>
  new RegExp(`${escaped(foldText(word))}|(?<!\\S)${spaced(foldText(word))}`, 'gu')

/** What the second choice ignores: only spaces, or also the keys that the last syllable lacks. */
export type Ignored = 'spaces' | 'spaces and end'

const loosePatterns = (words: readonly string[], ignored: Ignored): RegExp[] =>
  words.flatMap((word, index) => {
    if (isInitialsWord(word)) return []
    return ignored === 'spaces' ? spacedPatternOf(word) : patternOf(word, index === words.length - 1)
  })

/** A function that decides whether a text matches every word of a query by the second choice. */
export function looseMatcher(words: readonly string[], ignored: Ignored): (text: string) => boolean {
  const patterns = loosePatterns(words, ignored)
  const matchesInitials = queryMatcher(words.filter(isInitialsWord))
  // All but the last character of a plain word rule out most plain texts before they are folded.
  const stems = words.filter(isPlain).map((word) => new RegExp(spaced(foldText(word.slice(0, -1)), 'NFC'), 'i'))
  return (text) => {
    if (stems.some((stem) => !stem.test(text)) && isPlain(text)) return false
    const folded = foldText(text)
    return patterns.every((pattern) => folded.search(pattern) >= 0) && matchesInitials(text)
  }
}

/** As `rangeFinder`, for the second choice. */
export function looseRangeFinder(words: readonly string[], ignored: Ignored): (text: string) => TextRange[] {
  const patterns = loosePatterns(words, ignored)
  const ofInitials = rangeFinder(words.filter(isInitialsWord))
  const find = (folded: string) =>
    patterns.flatMap((pattern) =>
      [...folded.matchAll(pattern)].map(({ index, 0: found }): TextRange => [index, index + found.length]),
    )
  return (text) => mergeRanges([...ofInitials(text), ...rangesOf(text, foldText, find)])
}
