/** `verify`: checks every promise of the file. The checks stand in checks/, by what they read. */
import { checkCases, checkConservation, checkLinks, checkMarks } from './checks/cases.ts'
import { type Check, checkedProjections, mergeChecks, startCheck } from './checks/check.ts'
import { checkFile, checkForeignKeys } from './checks/file.ts'
import { checkFolders } from './checks/folders.ts'
import { checkImports } from './checks/imports.ts'
import { checkAmounts, checkHashes, checkResults } from './checks/records.ts'
import { checkRollups } from './checks/rollups.ts'
import { checkSearchIndex } from './checks/search.ts'
import { isDamage } from './errors.ts'
import type { Readable } from './handles.ts'
import { projectionsToRebuild } from './projections/projection.ts'
import { scalar } from './statement.ts'

/**
 * Checks everything that the file promises; the records in one read transaction, as of the time `now`. `file` is the check
 * of its pages, for a caller that has done it before.
 */
export function verifyStore(database: Readable, now: number, file: Check = checkFile(database)): Check[] {
  // The content of a damaged file proves nothing.
  if (file.broken > 0) return [file]
  const verify = database.transaction(() => {
    const accounts = scalar<[], number>(database, 'SELECT account_id FROM accounts').all()
    const rebuilding = projectionsToRebuild(database)
    const unlessRebuilding = (check: Check['check'], run: () => Check): Check =>
      checkedProjections[check]?.some((name) => rebuilding.has(name))
        ? { ...startCheck(check), pending: true }
        : unlessUnreadable(check, run)
    const ofAccounts = (check: Check['check'], run: (accountId: number) => Check) =>
      unlessRebuilding(check, () => mergeChecks(check, accounts.map(run)))
    return [
      file,
      checkForeignKeys(database),
      checkHashes(database),
      checkAmounts(database),
      ofAccounts('imports', (id) => checkImports(database, id)),
      ofAccounts('folders', (id) => checkFolders(database, id)),
      ofAccounts('links', (id) => checkLinks(database, id, now)),
      ofAccounts('cases', (id) => checkCases(database, id, now)),
      ofAccounts('conservation', (id) => checkConservation(database, id)),
      checkResults(database),
      unlessRebuilding('search_index', () => checkSearchIndex(database)),
      unlessRebuilding('counters', () => checkRollups(database)),
      ofAccounts('marks', (id) => checkMarks(database, id)),
    ]
  })
  return verify()
}

/** A check that meets a value that it cannot read is broken; the others go on. */
function unlessUnreadable(check: Check['check'], run: () => Check): Check {
  try {
    return run()
  } catch (error) {
    if (!isDamage(error)) throw error
    const found = startCheck(check)
    found.see(true, () => (error as Error).message)
    return found
  }
}
