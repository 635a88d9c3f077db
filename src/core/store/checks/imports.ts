/** The check of imports: apart from the rows of the service, the ledger has exactly the merged rows of all imports. */

import type { Readable } from '../handles.ts'
import { isStoredAs, mergedDay, storedDays, storedImports } from '../projections/imports.ts'
import { type Check, startCheck } from './check.ts'

export function checkImports(database: Readable, accountId: number): Check {
  const found = startCheck('imports')
  for (const day of storedDays(database, accountId)) {
    const stored = new Map(storedImports(database, accountId, day).map((row) => [row.rowId, row]))
    const { wanted, rows } = mergedDay(database, accountId, day)
    for (const row of wanted) {
      const known = stored.get(row.rowId)
      found.see(!known || !isStoredAs(known, row), () => row.id)
      stored.delete(row.rowId)
    }
    for (const row of stored.values()) found.see(true, () => row.id)
    for (const row of rows)
      found.see(row.transactionId !== row.nowId, () => `import ${row.batchId}, row ${row.position}`)
  }
  return found
}
