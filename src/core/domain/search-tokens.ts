/**
 * The tokens of the search index. A word is cut into units: its syllables, and every other character. A token begins at each
 * unit, because a query that begins with a consonant or a letter can match nowhere else. The index proposes candidates;
 * `queryMatcher` decides.
 */
import type { Agent } from '../../shared/values.ts'
import { firstInitial, initials } from './hangul.ts'
import { plainTokens, wordEnd } from './plain-tokens.ts'
import { foldText, initialsOf, isInitialsWord, isPlain } from './search-text.ts'

/** The fields of a job that the index covers. */
export interface Searchable {
  agent: Agent
  kind: string
  model: string
  prompt: string
  chatTitle: string | null
  /** Only of a job of a folder, which has no chat title. */
  fileName?: string | null
}

/** A token that every entry with a given word has; with `beginning`, the token only has to begin with `text`. */
export interface QueryToken {
  text: string
  beginning: boolean
}

/** A condition of a query: an entry must have all tokens of at least one alternative. */
export type TokenAlternatives = QueryToken[][]

/** The text of a job that a search compares. */
export const searchableText = (job: Pick<Searchable, 'prompt' | 'chatTitle' | 'fileName' | 'model'>): string =>
  [job.prompt, titleOf(job), job.model].join('\n')

/** The name that a search compares: that of the chat, else that of the file. */
export const titleOf = ({ chatTitle, fileName }: Pick<Searchable, 'chatTitle' | 'fileName'>): string =>
  chatTitle ?? fileName ?? ''

/** SQLite's tokenizer separates tokens at these characters, so no token contains one. */
export const separators = /[\s\p{Cc}]+/u

/** The units of a folded text: whole syllables, decomposed, and single other characters. */
export const unitsOf = (folded: string): string[] =>
  folded.match(/[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|./gsu) ?? []

/** The index in `initials` of a syllable's initial or a loose consonant; out of range for other units. */
const initialOf = (unit: string): number => unit.charCodeAt(0) - firstInitial
const isLooseJamo = (unit: string): boolean =>
  (unit >= '\u1161' && unit <= '\u1175') || (unit >= '\u11a8' && unit <= '\u11c2')
const isSyllable = (unit: string | undefined): boolean =>
  unit !== undefined && unit.length > 1 && initialOf(unit) >= 0 && initialOf(unit) < initials.length
/** Whether the last unit of a query may be an unfinished syllable that the text completes. */
export const isOpen = (unit: string): boolean => /^[\u1100-\u1112][\u1161-\u1175]?$/u.test(unit)

/** The number of units of a token: 2 if both are syllables, else 3. */
const tokenLength = (units: readonly string[], start: number): number =>
  isSyllable(units[start]) && isSyllable(units[start + 1]) ? 2 : 3

/** The tokens of the units of a word, each with a space and `prefix` before it. */
function tokensOfUnits(units: readonly string[], prefix: string): string {
  let tokens = ''
  for (let at = 0; at < units.length; at++) {
    const [one = '', two = wordEnd, three = wordEnd] = [units[at], units[at + 1], units[at + 2]]
    const isWhole = at + 2 > units.length || (isSyllable(one) && isSyllable(two))
    tokens += isWhole ? ` ${prefix}${one}${two}` : ` ${prefix}${one}${two}${three}`
  }
  return tokens
}

/** The tokens of the initials of a word: three in a row, its end included. */
function tokensOfInitials(units: readonly string[], prefix: string): string {
  let tokens = ''
  let [one, two] = ['', '']
  for (const unit of units) {
    const next = initials[initialOf(unit)] ?? ''
    // As in `initialsOf`, loose vowels and finals do not come between.
    if (next === '' && isLooseJamo(unit)) continue
    if (one !== '') tokens += ` ${prefix}${one}${two}${next || wordEnd}`
    ;[one, two] = next === '' ? ['', ''] : [two, next]
  }
  return one === '' ? tokens : `${tokens} ${prefix}${one}${two}${wordEnd}`
}

/** The token of a value by which lists are filtered. SQLite's tokenizer folds A to Z and nothing else. */
const label = (value: string): string =>
  wordEnd +
  value
    .split(separators)
    .join('')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** All tokens of a job, with `prefix` before each and one space between two. */
export function indexTokens(job: Searchable, prefix = ''): string {
  let tokens = `${prefix}${label(job.agent)} ${prefix}${label(job.kind)}`
  const text = searchableText(job)
  if (isPlain(text)) return tokens + plainTokens(text, prefix)
  for (const units of foldText(text).split(separators).map(unitsOf)) {
    tokens += tokensOfUnits(units, prefix) + tokensOfInitials(units, prefix)
  }
  return tokens
}

/** Removes a vowel or final at the beginning of a query, since a text may have it within a syllable. */
export const fromFirstUnit = (folded: string): string => folded.replace(/^[\u1161-\u1175]?[\u11a8-\u11c2]?/u, '')

/** The tokens by which the index finds a word of a query; none for a vowel alone. */
export function wordTokens(word: string): QueryToken[] {
  if (isInitialsWord(word)) return consonantRuns(word).flatMap(queryOfInitials)
  return foldText(word)
    .split(separators)
    .flatMap((piece) => sampleEvenly(withInitialsOfEnd(unitsOf(fromFirstUnit(piece)))))
}

/**
 * The tokens of the units of a word. A last token that is only a beginning gives way to the initials of the last three units: the
 * index finds one token faster than all that begin alike, and three units in a row are rarer.
 */
function withInitialsOfEnd(units: readonly string[]): QueryToken[] {
  const tokens = queryTokens(units, true)
  const ends = units.slice(-3).flatMap((unit) => initials[initialOf(unit)] ?? [])
  return tokens.at(-1)?.beginning && ends.length === 3 ? [...tokens.slice(0, -1), exactly(ends.join(''))] : tokens
}

/** The runs of consonants of an initials word, each a list of consonants. */
const consonantRuns = (word: string): string[][] =>
  (initialsOf(word).match(/[ㄱ-ㅎ]{2,}/gu) ?? []).map((run) => [...run])

/** The tokens of a run. A token has three initials, so a run of two is the beginning of one. */
const queryOfInitials = (run: readonly string[]): QueryToken[] =>
  run.length === 2
    ? [{ text: run.join(''), beginning: true }]
    : sampleEvenly(run.slice(2).map((_, at) => exactly(run.slice(at, at + 3).join(''))))

/**
 * The tokens of the units of a query, up to the first that reaches the end. With `endsOpen`, the last unit may be an
 * unfinished syllable.
 */
export function queryTokens(units: readonly string[], endsOpen: boolean): QueryToken[] {
  const tokens: QueryToken[] = []
  for (let at = 0; at < units.length; at++) {
    const end = at + tokenLength(units, at)
    const isCut = end > units.length || (end === units.length && endsOpen && isOpen(units[end - 1] as string))
    tokens.push({ text: units.slice(at, end).join(''), beginning: isCut })
    if (end >= units.length) break
  }
  return tokens
}

export const exactly = (text: string): QueryToken => ({ text, beginning: false })

/** Each token costs a read of the index, and more tokens than this hardly narrow the candidates. */
const maxTokens = 6

/** At most `maxTokens` of some values, evenly sampled. */
export function sampleEvenly<T>(values: readonly T[]): T[] {
  const step = Math.max(1, (values.length - 1) / (maxTokens - 1))
  return values.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step))
}

/** The token by which the index finds an agent or a kind. */
export const labelToken = (value: string): QueryToken => exactly(label(value))
