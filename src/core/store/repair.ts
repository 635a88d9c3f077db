/** `verify --repair`: rebuilds the projections that a check found broken. */
import type { Check } from './checks/check.ts'
import { markForRebuild, type ProjectionName, rebuildAll } from './projections/projection.ts'
import type { Writable } from './store.ts'

/**
 * The projections from which a broken promise can come. A break in the records can only be reported: no rebuild mends
 * it.
 */
const sources: Readonly<Partial<Record<Check['check'], readonly ProjectionName[]>>> = {
  links: ['cases', 'facets'],
  cases: ['cases', 'facets'],
  conservation: ['cases'],
  marks: ['cases'],
  counters: ['facets', 'period_totals', 'facet_totals'],
  search_index: ['search'],
}

/** Rebuilds the projections that do not agree with the records, to the end. Returns their names. */
export function repairStore(database: Writable, checks: readonly Check[], now: number): ProjectionName[] {
  const broken = checks.filter((check) => check.broken > 0)
  // A damaged file must not be written to: its content proves nothing.
  if (broken.some(({ check }) => check === 'file')) return []
  const names = [...new Set(broken.flatMap(({ check }) => sources[check] ?? []))]
  database.transaction(() => markForRebuild(database, names)).immediate()
  rebuildAll(database, now)
  return names
}
