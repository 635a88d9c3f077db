/** The projection of the search index (`job_search`): the entry of each second that has a job. */

import { inBatches } from '../facets.ts'
import type { Readable, Writable } from '../handles.ts'
import { firstRowIdOf, jobsOfSeconds, secondOf, tokensOfSecond } from '../jobs/search.ts'
import { scalar, statement } from '../statement.ts'
import type { Projection } from './definition.ts'
import { recordCount, sliceStart } from './slices.ts'

/** Jobs of one slice: about 2 ms with short prompts. */
const sliceJobs = 250
/** Seconds whose jobs are read at once. */
const readAtOnce = 500

export const search: Projection = {
  name: 'search',
  version: 5,
  apply(database, _context, { insertedJobs, updatedJobs, movedJobs, derivedJobs }) {
    const seconds = new Set([...derivedJobs].map(secondOf))
    for (const rowId of insertedJobs.keys()) seconds.add(secondOf(rowId))
    for (const [rowId, { textChanged }] of updatedJobs) if (textChanged) seconds.add(secondOf(rowId))
    for (const { from, to } of movedJobs) seconds.add(secondOf(from)).add(secondOf(to))
    indexSeconds(database, seconds)
    return 0
  },
  rebuild(database, before) {
    // Entries of another version have other tokens, and no slice would find entries without a job.
    if (before === Number.MAX_SAFE_INTEGER) database.exec(`INSERT INTO job_search (job_search) VALUES ('delete-all')`)
    const from = firstRowIdOf(secondOf(sliceStart(database, 'jobs', before, sliceJobs)))
    const rowIds = scalar<[number, number], number>(
      database,
      'SELECT row_id FROM jobs WHERE row_id >= ? AND row_id < ?',
    ).all(from, before)
    indexSeconds(database, new Set(rowIds.map(secondOf)))
    return { next: from === 0 ? null : from, rows: rowIds.length, changed: 0 }
  },
  total: (database) => recordCount(database, 'jobs:*'),
}

/**
 * The row id from which on the index has every job: 0 unless a rebuild is in progress or the index is of another
 * version.
 */
export function indexedFrom(database: Readable): number {
  const row = statement<[], { version: number; position: number | null }>(
    database,
    `SELECT version, position FROM projections WHERE name = 'search'`,
  ).get()
  if (row?.version !== search.version) return Number.MAX_SAFE_INTEGER
  return row.position ?? 0
}

/**
 * Brings the index in step with the jobs of these seconds; oldest first, since the index grows fastest in its own
 * order.
 */
function indexSeconds(database: Writable, seconds: Iterable<number>): void {
  const save = statement<[number, string]>(database, 'INSERT OR REPLACE INTO job_search (rowid, tokens) VALUES (?, ?)')
  const remove = statement<[number]>(database, 'DELETE FROM job_search WHERE rowid = ?')
  for (const batch of inBatches(
    [...seconds].sort((a, b) => a - b),
    readAtOnce,
  )) {
    const jobs = jobsOfSeconds(database, batch)
    for (const second of batch) {
      const found = jobs.get(second)
      if (found) save.run(second, tokensOfSecond(second, found))
      else remove.run(second)
    }
  }
}

/** The number of leaf pages that one step merges, which takes about 25 ms. */
const mergedLeaves = 256

/** The number of segments of equal size that a write begins to merge, and the one that merges nothing. SQLite's own 4 merges more often. */
const automerge = { on: 8, off: 0 }

/**
 * Sets whether the writes of the index merge segments of equal size themselves, as is right while very many are written. Else
 * `continueIndexMerge` does the same afterwards, so that no write waits for it.
 */
export function mergeWhileWriting(database: Writable, isOn: boolean): void {
  const wanted = isOn ? automerge.on : automerge.off
  const config = scalar<[], number>(database, `SELECT v FROM job_search_config WHERE k = 'automerge'`)
  if (config.get() === wanted) return
  // As text of the statement: a parameter would be a floating-point number, which SQLite refuses here.
  statement<[]>(database, `INSERT INTO job_search (job_search, rank) VALUES ('automerge', ${wanted})`).run()
}

/**
 * Whether the index has many large segments, as after a first sync or a rebuild. Each query reads all segments. The small segments
 * of later changes need no merge of all.
 */
export const isIndexInPieces = (database: Readable): boolean =>
  scalar<[], number>(
    database,
    'SELECT coalesce(4 * max(leaves) < 3 * sum(leaves), 0) FROM (SELECT count(*) AS leaves FROM job_search_idx GROUP BY segid)',
  ).get() === 1

/** Begins to merge all segments into one. Returns whether something was merged. A kill loses at most one step. */
export const beginIndexMerge = (database: Writable): boolean => mergeIndex(database, -mergedLeaves)
/** Continues that merge, or merges segments of equal size if there are four. Returns whether something was merged. */
export const continueIndexMerge = (database: Writable): boolean => mergeIndex(database, mergedLeaves)

function mergeIndex(database: Writable, leaves: number): boolean {
  const changes = scalar<[], number>(database, 'SELECT total_changes()')
  const before = changes.get() as number
  statement<[number]>(database, `INSERT INTO job_search (job_search, rank) VALUES ('merge', ?)`).run(leaves)
  // SQLite counts one change for the command itself.
  return (changes.get() as number) - before > 1
}
