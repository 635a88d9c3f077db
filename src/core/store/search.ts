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

/** The condition on `j.row_id` that the index can answer for a query; null where every word is too short for it. */
export function searchMatch(words: readonly string[]): { sql: string; values: string[] } | null {
  const quote = (token: string) => `"${token.replaceAll('"', '""')}"`
  const conditions: { sql: string; values: string[] }[] = []
  const add = (table: string, tokens: string[]) => {
    if (tokens.length === 0) return
    conditions.push({
      sql: `j.row_id IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`,
      values: [tokens.map(quote).join(' AND ')],
    })
  }
  add(
    'job_search',
    words.filter((word) => !isChoseongWord(word)).flatMap((word) => trigramsOf(foldWord(word))),
  )
  add('job_initials', words.filter(isChoseongWord).flatMap(queryGrams))
  if (conditions.length === 0) return null
  return {
    sql: conditions.map((condition) => condition.sql).join(' AND '),
    values: conditions.flatMap((condition) => condition.values),
  }
}
