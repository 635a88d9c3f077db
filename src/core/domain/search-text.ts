/**
 * Korean-aware search text. Text is compared as decomposed jamo, so that a syllable in composition (고야 → 고양이) and the
 * middle of a word match. Initial consonants (ㄱㅇㅇ) are compared with the initials of the text.
 */
import { clusters, finals, firstFinal, firstInitial, firstSyllable, initials, syllablesPerInitial } from './hangul.ts'

/** The half-width forms of `clusters`, in their order. */
const halfWidthClusters = '\uffa3\uffa5\uffa6\uffaa\uffab\uffac\uffad\uffae\uffaf\uffb0\uffb4'
const replacements = new Map(
  Object.values(clusters).flatMap((pair, index): [string, string][] => [
    [Object.keys(clusters)[index] as string, pair],
    [halfWidthClusters[index] as string, pair],
  ]),
)
/** Zero-width characters and variation selectors (`Default_Ignorable_Code_Point`), and joined consonants. */
const ignoredOrJoined = new RegExp(`[\\p{DI}${[...replacements.keys()].join('')}]`, 'gu')

/** Joined consonants outside of a syllable, into which NFKC and NFKD turn those of a keyboard: finals, and two old initials. */
const looseClusters = /(?<![\u1100-\u1112][\u1161-\u1175])[\u11aa\u11ac\u11ad\u11b0-\u11b6\u11b9]|[\u111a\u1121]/g
const pairs = new Map(
  Object.entries(clusters).flatMap(([cluster, pair]) =>
    [String.fromCharCode(firstFinal - 1 + finals.indexOf(cluster)), cluster.normalize('NFKD')].map(
      (char): [string, string] => [char, pair.normalize('NFKD')],
    ),
  ),
)

/** Whether a text has a fast path: folding plain texts, which most are, takes half the time. */
export const isPlain = (text: string): boolean => /^[\x20-\x7e\n가-힣]*$/.test(text)

/**
 * Text as it is indexed and compared: without case, compatibility forms resolved (full-width Latin, half-width jamo, ㎏), the
 * syllables decomposed, invisible characters left out. A loose consonant becomes the initial of a syllable in composition.
 */
export function foldText(text: string): string {
  if (isPlain(text)) return text.toLowerCase().normalize('NFD')
  const decomposed = text.replace(ignoredOrJoined, (char) => replacements.get(char) ?? '').normalize('NFKD')
  return foldCase(decomposed.replace(looseClusters, (char) => pairs.get(char) as string))
}

/**
 * Full case folding of decomposed text (ß as ss, ı as i), for which JavaScript has no function. The lower case of İ has a
 * combining dot, which is removed because nobody types it.
 */
const foldCase = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\u0345|[ßıς\u1c80-\u1c88]/g, (letter) => letter.toUpperCase().toLowerCase())
    .replace(/\u0307(?<=i\p{M}*\u0307)/gu, '')

/** White space between words. U+FEFF counts as white space in JavaScript, but folding leaves it out like other invisible characters. */
const wordBreak = /[^\S\ufeff]+/u

/**
 * The words of a query; all of them have to match, in any order. Invisible characters alone make no word. Half of a character, as of an
 * emoji that was cut, is left out: no stored text has one.
 */
export const queryWords = (query: string): string[] =>
  query
    .replace(/\p{Surrogate}/gu, '')
    .normalize('NFC')
    .split(wordBreak)
    .filter((word) => foldText(word) !== '')

/** The initial consonants of the Hangul of a text; every other character is kept in its folded form. */
export function initialsOf(text: string): string {
  if (isPlain(text)) {
    return text
      .toLowerCase()
      .replace(/[가-힣]/g, (char) => initialAt((char.charCodeAt(0) - firstSyllable) / syllablesPerInitial))
  }
  return foldText(text)
    .replace(/[\u1161-\u1175\u11a8-\u11c2]/gu, '')
    .replace(/[\u1100-\u1112]/gu, (char) => initialAt(char.charCodeAt(0) - firstInitial))
}

const initialAt = (index: number): string => initials[Math.floor(index)] as string

/**
 * Whether a word is compared with initials: several characters, at least one a consonant, and no syllable (ㄱㅇㅇ, ㄱㅇㅇ2).
 */
export function isInitialsWord(word: string): boolean {
  const folded = foldText(word)
  return folded.length > 1 && /[\u1100-\u1112]/u.test(folded) && !/[\u1161-\u11c2]/u.test(folded)
}

/** Escapes a text for a regular expression. */
export const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const lastOfOpen = finals.length - 1
/** A pattern that finds a word in plain texts exactly where its folded form is found; null for a word that is not plain. */
function plainPattern(word: string): RegExp | null {
  if (!isPlain(word)) return null
  const stem = word.slice(0, -1)
  const last = word.slice(-1)
  const code = last.charCodeAt(0)
  const isOpen = code >= firstSyllable && (code - firstSyllable) % finals.length === 0
  return new RegExp(
    escaped(stem) + (isOpen ? `[${last}-${String.fromCharCode(code + lastOfOpen)}]` : escaped(last)),
    'i',
  )
}

/**
 * A function that decides whether a text matches every word of a query; the index only proposes candidates. It prepares
 * the words once, because a search compares them with thousands of texts.
 */
export function queryMatcher(words: readonly string[]): (text: string) => boolean {
  const initialsWords = words.filter(isInitialsWord).map(initialsOf)
  const otherWords = words.filter((word) => !isInitialsWord(word))
  const foldedWords = otherWords.map(foldText)
  const patterns = otherWords.map(plainPattern)
  const plainPatterns = patterns.filter((pattern) => pattern !== null)
  const includesOthers = (text: string) =>
    plainPatterns.length === patterns.length && isPlain(text)
      ? plainPatterns.every((pattern) => pattern.test(text))
      : includesAll(text, foldedWords, foldText)
  return (text) => includesOthers(text) && includesAll(text, initialsWords, initialsOf)
}

/** Folds the text only if there are words to compare: folding is the largest cost, and most queries need one form. */
function includesAll(text: string, formedWords: readonly string[], form: (text: string) => string): boolean {
  if (formedWords.length === 0) return true
  const formed = form(text)
  return formedWords.every((word) => formed.includes(word))
}

/** A range of a text: start and end in UTF-16 units. */
export type TextRange = [number, number]

/**
 * A function that returns the ranges of a text that match the words of a query: in order, none touching another. Prepares the
 * words once, like `queryMatcher`.
 */
export function rangeFinder(words: readonly string[]): (text: string) => TextRange[] {
  const finderOf = (formedWords: readonly string[], form: (text: string) => string) => {
    const find = (formed: string) => formedWords.flatMap((word) => occurrences(formed, word))
    return (text: string) => (formedWords.length === 0 ? [] : rangesOf(text, form, find))
  }
  const inInitials = finderOf(words.filter(isInitialsWord).map(initialsOf), initialsOf)
  const inFolded = finderOf(words.filter((word) => !isInitialsWord(word)).map(foldText), foldText)
  return (text) => mergeRanges([...inInitials(text), ...inFolded(text)])
}

function occurrences(text: string, wanted: string): TextRange[] {
  const found: TextRange[] = []
  for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + wanted.length)) {
    found.push([start, start + wanted.length])
  }
  return found
}

/** The ranges that `find` reports in the folded form of a text, none of them empty, as ranges of the text itself. */
export function rangesOf(
  text: string,
  form: (text: string) => string,
  find: (folded: string) => TextRange[],
): TextRange[] {
  if (isPlain(text)) {
    const folded = form(text)
    // Composed again, what a plain text was folded to has one unit for each character that it contains or begins.
    const charactersTo = (end: number) => folded.slice(0, end).normalize('NFC').length
    return find(folded).map(([start, end]) => [charactersTo(start + 1) - 1, charactersTo(end)])
  }
  const { folded, starts, ends } = foldWithOrigins(text, form)
  return find(folded).map(([start, end]) => [starts[start] ?? 0, ends[end - 1] ?? text.length])
}

/** Joins ranges that touch or overlap, in order. */
export function mergeRanges(ranges: readonly TextRange[]): TextRange[] {
  const merged: TextRange[] = []
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

/** A syllable in its decomposed form, or a character with its marks. */
const character = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|.\p{M}*/gsu

/** Folds each character, and remembers for each folded unit the start and end of its character in the text. */
function foldWithOrigins(text: string, form: (char: string) => string) {
  let folded = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const [char] of text.matchAll(character)) {
    const piece = form(char)
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(at)
      ends.push(at + char.length)
    }
    folded += piece
    at += char.length
  }
  return { folded, starts, ends }
}
