import { foldText, foldWord, initialGrams, isChoseongWord, queryGrams, trigramsOf } from '../domain/search-text.ts'
import { statement } from './statement.ts'
import type { Writable } from './store.ts'

interface Searchable {
  prompt: string
  chatTitle: string | null
  model: string
}

/** What search looks at in a job. */
export const searchableText = (job: Searchable): string => [job.prompt, job.chatTitle ?? '', job.model].join('\n')

export function indexJob(database: Writable, rowId: number, job: Searchable): void {
  const text = searchableText(job)
  statement<[number, string]>(database, 'INSERT INTO job_search (rowid, text) VALUES (?, ?)').run(rowId, foldText(text))
  statement<[number, string]>(database, 'INSERT INTO job_initials (rowid, grams) VALUES (?, ?)').run(
    rowId,
    initialGrams(text).join(' '),
  )
}

export function unindexJob(database: Writable, rowId: number): void {
  statement<[number]>(database, 'DELETE FROM job_search WHERE rowid = ?').run(rowId)
  statement<[number]>(database, 'DELETE FROM job_initials WHERE rowid = ?').run(rowId)
}

/** What the index can answer of a query, newest first. */
export interface SearchMatch {
  /** The index that leads; its row ids are those of jobs. */
  table: string
  /** Conditions on the leading index as `s`. */
  sql: string
  values: string[]
}

/** How the index answers a query; null where every word is too short for it. */
export function searchMatch(words: readonly string[]): SearchMatch | null {
  const indexes = [
    {
      table: 'job_search',
      tokens: words
        .filter((word) => !isChoseongWord(word))
        .map(foldWord)
        .flatMap(trigramsOf),
    },
    { table: 'job_initials', tokens: words.filter(isChoseongWord).flatMap(queryGrams) },
  ].filter(({ tokens }) => tokens.length > 0)
  const [leading] = indexes
  if (!leading) return null
  const quote = (token: string) => `"${token.replaceAll('"', '""')}"`
  // The plus has the second index asked once, not once per hit of the first.
  const matches = ({ table }: { table: string }) =>
    table === leading.table ? `s.${table} MATCH ?` : `+s.rowid IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`
  return {
    table: leading.table,
    sql: indexes.map(matches).join(' AND '),
    values: indexes.map(({ tokens }) => tokens.map(quote).join(' AND ')),
  }
}
