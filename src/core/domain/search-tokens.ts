/**
 * The tokens of the search index: of every word the runs of three characters of its folded form, and the runs of two and
 * three of its initial consonants. The index proposes what may match; `matchesQuery` decides.
 */
import type { Agent } from '../../shared/values.ts'
import { foldText, foldWord, initialsOf, isChoseongWord } from './search-text.ts'

/** What the index knows of a job. */
export interface Searchable {
  agent: Agent
  kind: string
  model: string
  prompt: string
  chatTitle: string | null
}

/** A token that every entry with a given word has; of a `beginning` only how it begins is known. */
export interface QueryToken {
  text: string
  beginning: boolean
}

/** What search looks at in a job. */
export const searchableText = (job: Pick<Searchable, 'prompt' | 'chatTitle' | 'model'>): string =>
  [job.prompt, job.chatTitle ?? '', job.model].join('\n')

/** Ends each word, so that its last two characters begin a run of three, too. White space: no word contains it. */
const wordEnd = '\u00a0'
/** Nothing that separates tokens in SQLite's eyes is part of one. */
const separators = /[\s\p{Cc}]+/u

function runs(text: string, length: number): string[] {
  const chars = [...text]
  return chars
    .slice(0, Math.max(0, chars.length - length + 1))
    .map((_, start) => chars.slice(start, start + length).join(''))
}

const initialRuns = (word: string): string[] =>
  (initialsOf(word).match(/[ㄱ-ㅎ]{2,}/gu) ?? []).flatMap((initials) => [...runs(initials, 2), ...runs(initials, 3)])

/** Words repeat, within a text and even more in a history. */
const tokensOfWords = new Map<string, string>()
const mostWords = 20_000

function tokensOfWord(word: string): string {
  const known = tokensOfWords.get(word)
  if (known !== undefined) return known
  if (tokensOfWords.size === mostWords) tokensOfWords.clear()
  const tokens = [...runs(foldText(word) + wordEnd, 3), ...initialRuns(word)].join(' ')
  tokensOfWords.set(word, tokens)
  return tokens
}

/** The token of a value by which lists are narrowed. */
const label = (value: string): string => wordEnd + value.split(separators).join('')

/** All tokens of a job, with one space between two. */
export const indexTokens = (job: Searchable): string =>
  [label(job.agent), label(job.kind), ...searchableText(job).split(separators).map(tokensOfWord)]
    .filter(Boolean)
    .join(' ')

/** The tokens by which the index finds a word of a query; none where the word is a single character. */
export function wordTokens(word: string): QueryToken[] {
  if (isChoseongWord(word)) return wholeTokens(word, Math.min(word.length, 3))
  return foldWord(word)
    .split(separators)
    .flatMap((part) => {
      const whole = wholeTokens(part, 3)
      return whole.length > 0 ? whole : runs(part, 2).map((text) => ({ text, beginning: true }))
    })
}

const wholeTokens = (text: string, length: number): QueryToken[] =>
  runs(text, length).map((run) => ({ text: run, beginning: false }))

/** The token by which the index finds an agent or a kind. */
export const labelToken = (value: string): QueryToken => ({ text: label(value), beginning: false })
