/** The interface of a projection. All projections import it, so this file imports none of them. */
import type { CaseContext } from '../cases/cases.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'

export type ProjectionName =
  | 'imports'
  | 'imported_jobs'
  | 'folders'
  | 'cases'
  | 'facets'
  | 'period_totals'
  | 'facet_totals'
  | 'search'

export interface Slice {
  /** The next slice lies below this id; null after the last one. */
  next: number | null
  /** The number of rows that this slice derived again. */
  rows: number
  /** Cases whose verdict this slice changed. */
  changed: number
  /** The changes of this slice to records that later projections read, by account. */
  records?: ReadonlyMap<number, Changes>
}

export interface Projection {
  name: ProjectionName
  /** Raise it whenever the code derives other content from the same records. */
  version: number
  /**
   * Brings the projection in step with changed records and returns how many cases changed; null if triggers do that.
   */
  apply: ((database: Writable, context: CaseContext, changes: Changes) => number) | null
  /**
   * Derives one bounded slice again, newest first, from below the id `before`. Runs inside the caller's transaction.
   */
  rebuild(database: Writable, before: number, now: number): Slice
  /** The approximate number of rows of a whole rebuild. */
  total(database: Readable): number
}
