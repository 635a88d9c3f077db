/** `verify --repair`: rebuilds the projections that a check found broken, or could not check yet. */
import { type Check, checkedProjections } from './checks/check.ts'
import type { Writable } from './handles.ts'
import type { ProjectionName } from './projections/definition.ts'
import { markForRebuild, rebuildAll } from './projections/projection.ts'

/** Rebuilds the projections that do not agree with the records, or not yet, to the end. Returns their names. */
export function repairStore(database: Writable, checks: readonly Check[], now: number): ProjectionName[] {
  const unsound = checks.filter((check) => check.broken > 0 || check.pending)
  // A damaged file must not be written to: its content proves nothing.
  if (unsound.some(({ check }) => check === 'file')) return []
  const names = [...new Set(unsound.flatMap(({ check }) => checkedProjections[check] ?? []))]
  database.transaction(() => markForRebuild(database, names)).immediate()
  rebuildAll(database, now)
  return names
}
