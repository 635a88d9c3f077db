/**
 * Projections: data that is derived from the records and can be derived again. Each has a version, which a file stores;
 * if the two differ, the projection is rebuilt in slices while the app goes on. See docs/add-a-projection.md.
 */
import { type CaseContext, caseContext } from '../cases/cases.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'
import { cases } from './cases.ts'
import type { Projection, ProjectionName } from './definition.ts'
import { facets } from './facets.ts'
import { folders } from './folders.ts'
import { importedJobs } from './imported-jobs.ts'
import { imports } from './imports.ts'
import { search } from './search.ts'
import { isWhole, newest } from './slices.ts'
import { facetTotals, periodTotals } from './totals.ts'

/** In the order of dependence: each may read the content of those before it. */
const projections: readonly Projection[] = [
  imports,
  importedJobs,
  folders,
  cases,
  facets,
  periodTotals,
  facetTotals,
  search,
]

/** A rebuild in progress, in rows. */
export interface RebuildProgress {
  projection: ProjectionName
  done: number
  total: number
}

/**
 * Marks the projections whose stored version is not that of the code. A file without an account has nothing to rebuild.
 */
export function prepareProjections(database: Writable): void {
  const stored = new Map(
    statement<[], { name: string; version: number }>(database, 'SELECT name, version FROM projections')
      .all()
      .map(({ name, version }) => [name, version]),
  )
  const stale = projections.filter(({ name, version }) => stored.get(name) !== version)
  if (stale.length === 0) return
  database
    .transaction(() => {
      const isEmpty = scalar<[], number>(database, 'SELECT EXISTS (SELECT 1 FROM accounts)').get() === 0
      for (const projection of stale) mark(database, projection, isEmpty ? null : newest)
    })
    .immediate()
}

/** Begins the rebuild of these projections anew. Their content stays until a slice replaces it. */
export function markForRebuild(database: Writable, names: readonly ProjectionName[]): void {
  for (const projection of projections) if (names.includes(projection.name)) mark(database, projection, newest)
}

/** Begins the rebuild of everything that is derived. */
export function markAllForRebuild(database: Writable): void {
  for (const projection of projections) mark(database, projection, newest)
}

function mark(database: Writable, { name, version, total }: Projection, position: number | null): void {
  statement<[object]>(
    database,
    `INSERT INTO projections (name, version, position, total) VALUES (@name, @version, @position, @rows)
     ON CONFLICT DO UPDATE SET version = excluded.version, position = excluded.position, done = 0, total = excluded.total`,
  ).run({ name, version, position, rows: position === null ? 0 : total(database) })
}

/** The projections that are not whole: of another version, or with a pending rebuild. */
export const projectionsToRebuild = (database: Readable): ReadonlySet<ProjectionName> =>
  new Set(projections.filter((projection) => !isWhole(database, projection)).map(({ name }) => name))

/** The rebuild that is in progress or next; null if every projection is whole. */
export function pendingRebuild(database: Readable): (RebuildProgress & { position: number }) | null {
  const find = statement<[string], { position: number; done: number; total: number }>(
    database,
    'SELECT position, done, total FROM projections WHERE name = ? AND position IS NOT NULL',
  )
  for (const { name } of projections) {
    const row = find.get(name)
    if (row) return { projection: name, ...row, total: Math.max(row.done, row.total) }
  }
  return null
}

/**
 * The progress of all rebuilds that began together, so that it never starts again with the next projection; null if nothing
 * is pending. `begun` collects their names from call to call.
 */
export function rebuildProgress(database: Readable, begun: Set<string>): RebuildProgress | null {
  const pending = pendingRebuild(database)
  if (!pending) return null
  const rows = statement<[], { name: string; done: number; total: number; isPending: number }>(
    database,
    'SELECT name, done, total, position IS NOT NULL AS isPending FROM projections',
  ).all()
  for (const { name, isPending } of rows) if (isPending) begun.add(name)
  const together = rows.filter(({ name }) => begun.has(name))
  return {
    projection: pending.projection,
    done: together.reduce((sum, { done }) => sum + done, 0),
    total: together.reduce((sum, { done, total }) => sum + Math.max(done, total), 0),
  }
}

/**
 * Rebuilds the next slice in one transaction. Returns the cases that it changed; null if there was nothing to rebuild.
 */
export function rebuildSlice(database: Writable, now: number): number | null {
  const rebuild = database.transaction(() => {
    const pending = pendingRebuild(database)
    const projection = projections.find(({ name }) => name === pending?.projection)
    if (!pending || !projection) return null
    const { next, rows, changed, records } = projection.rebuild(database, pending.position, now)
    statement<[object]>(
      database,
      'UPDATE projections SET position = @next, done = done + @rows WHERE name = @name',
    ).run({ next, rows, name: projection.name })
    let total = changed
    for (const [accountId, changes] of records ?? []) {
      total += applyChanges(database, caseContext(database, accountId, now), changes)
    }
    return total
  })
  return rebuild.immediate()
}

/** Rebuilds everything that is pending, with `onSlice` after each slice. */
export function rebuildAll(database: Writable, now: number, onSlice?: () => void): void {
  while (rebuildSlice(database, now) !== null) onSlice?.()
}

/**
 * Brings all projections in step with changed records. Runs inside the caller's transaction. Returns how many cases
 * changed.
 */
export function applyChanges(database: Writable, context: CaseContext, changes: Changes): number {
  let changed = 0
  for (const { apply } of projections) changed += apply?.(database, context, changes) ?? 0
  return changed
}
