/**
 * The tokens of the search index: of every word the 3-grams of its folded form, and the 2-grams and 3-grams of its initial
 * consonants. The index proposes candidates; `queryMatcher` decides.
 */
import type { Agent } from '../../shared/values.ts'
import { foldText, initialsOf, isInitialsWord } from './search-text.ts'

/** The fields of a job that the index covers. */
export interface Searchable {
  agent: Agent
  kind: string
  model: string
  prompt: string
  chatTitle: string | null
  /** Of a job of a folder, which is in no chat. */
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

/** Ends each word, so that its last two characters begin a 3-gram as well. White space: no word contains it. */
export const wordEnd = '\u00a0'
/** SQLite's tokenizer separates tokens at these characters, so no token contains one. */
export const separators = /[\s\p{Cc}]+/u

/** The n-grams of a text: its sequences of `length` characters, in order. */
export function ngrams(text: string, length: number): string[] {
  const chars = [...text]
  return chars
    .slice(0, Math.max(0, chars.length - length + 1))
    .map((_, start) => chars.slice(start, start + length).join(''))
}

const consonantRuns = (folded: string): string[] => initialsOf(folded).match(/[ㄱ-ㅎ]{2,}/gu) ?? []

/** Words repeat, within a text and even more in a history. */
const tokensOfWords = new Map<string, string>()
const maxCachedWords = 20_000

function tokensOfWord(folded: string): string {
  const known = tokensOfWords.get(folded)
  if (known !== undefined) return known
  if (tokensOfWords.size === maxCachedWords) tokensOfWords.clear()
  const ofInitials = consonantRuns(folded).flatMap((run) => [...ngrams(run, 2), ...ngrams(run, 3)])
  const tokens = [...ngrams(folded + wordEnd, 3), ...ofInitials].join(' ')
  tokensOfWords.set(folded, tokens)
  return tokens
}

/** The token of a value by which lists are filtered. SQLite's tokenizer folds A to Z and nothing else. */
const label = (value: string): string =>
  wordEnd +
  value
    .split(separators)
    .join('')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** All tokens of a job, with one space between two. */
export const indexTokens = (job: Searchable): string =>
  [label(job.agent), label(job.kind), ...foldText(searchableText(job)).split(separators).map(tokensOfWord)]
    .filter(Boolean)
    .join(' ')

/** The tokens by which the index finds a word of a query; none for a single character. */
export function wordTokens(word: string): QueryToken[] {
  if (isInitialsWord(word)) return consonantRuns(word).flatMap((run) => wholeTokens(run, Math.min(run.length, 3)))
  return foldText(word).split(separators).flatMap(tokensOfPiece)
}

function tokensOfPiece(folded: string): QueryToken[] {
  const whole = wholeTokens(folded, 3)
  return whole.length > 0 ? whole : ngrams(folded, 2).map((text) => ({ text, beginning: true }))
}

/** The index reads each token of a query, and more than this many hardly propose fewer texts. */
const maxTokens = 6

/** At most `maxTokens` of some values, evenly sampled. */
export function sampleEvenly<T>(values: readonly T[]): T[] {
  const step = Math.max(1, (values.length - 1) / (maxTokens - 1))
  return values.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step))
}

/** Every second n-gram and the last, since neighbours share characters; fewer of a long text. */
const wholeTokens = (text: string, length: number): QueryToken[] =>
  sampleEvenly(ngrams(text, length).filter((_, index, all) => index % 2 === 0 || index === all.length - 1)).map(
    (text) => ({ text, beginning: false }),
  )

/** The token by which the index finds an agent or a kind. */
export const labelToken = (value: string): QueryToken => ({ text: label(value), beginning: false })
