import { matchesQuery } from '../domain/search-text.ts'
import { labelToken, searchableText, wordTokens } from '../domain/search-tokens.ts'
import { type RowSpan, searchIndex } from './search.ts'
import type { Readable } from './store.ts'

/** What a search reads of a job before it knows that it is one of its hits. */
interface SearchedRow {
  prompt: string
  chat_title: string | null
  model: string
}

/**
 * Rows of a span that may hold every word, newest first: those of the seconds that the index proposes, or all where it
 * knows nothing.
 */
export function* rowsWithWords<Row>(
  database: Readable,
  words: readonly string[],
  labels: readonly string[],
  span: RowSpan,
  read: (span: RowSpan) => Iterable<Row>,
): Generator<Row> {
  const tokens = words.flatMap(wordTokens)
  const spans = tokens.length === 0 ? [span] : searchIndex(database, [...tokens, ...labels.map(labelToken)], span)
  for (const part of spans) yield* read(part)
}

export const holdsWords = (row: SearchedRow, words: readonly string[]): boolean =>
  matchesQuery(searchableText({ prompt: row.prompt, chatTitle: row.chat_title, model: row.model }), words)
