import { expect, test } from 'vitest'
import { takeStatusChanges, watchStatuses } from '../../src/core/store/cases/status-changes.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { withNewStores } from '../support/hooks.ts'
import { linesWith, plansOf, recordStatements, scan, wholeView } from '../support/query-plans.ts'
import { midnight } from '../support/records.ts'

let database: Writable
withNewStores(midnight, (opened) => {
  database = opened
})

test('finds the cases whose status changed without reading the others', () => {
  watchStatuses(database)
  const statements = recordStatements(database)
  takeStatusChanges(database)
  const plans = plansOf(database, statements)
  expect(linesWith(plans, /SEARCH c /)).toHaveLength(1)
  expect(linesWith(plans, scan, wholeView)).toEqual([])
})
