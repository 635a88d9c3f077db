import { markForRebuild, type ProjectionName, rebuildAll } from './projections/projection.ts'
import type { Writable } from './store.ts'
import type { Check } from './verify.ts'

/** The projections that a broken promise can come from. Records are no projection: what is wrong with them is reported only. */
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
  // A damaged file must not be written to: what it says proves nothing.
  if (broken.some(({ check }) => check === 'file')) return []
  const names = [...new Set(broken.flatMap(({ check }) => sources[check] ?? []))]
  database.transaction(() => markForRebuild(database, names)).immediate()
  rebuildAll(database, now)
  return names
}
