/** `verify`: checks every promise of the file. The checks stand in checks/, by what they read. */
import { checkCases, checkConservation, checkLinks, checkMarks } from './checks/cases.ts'
import { type Check, checkedProjections, checkNames, mergeChecks, startCheck } from './checks/check.ts'
import { checkFile, checkForeignKeys } from './checks/file.ts'
import { checkFolders } from './checks/folders.ts'
import { checkImportedJobs } from './checks/imported-jobs.ts'
import { checkImports } from './checks/imports.ts'
import { checkAmounts, checkHashes, checkResults } from './checks/records.ts'
import { checkRollups } from './checks/rollups.ts'
import { checkSearchIndex, type IndexSlice } from './checks/search.ts'
import { isDamage } from './file/errors.ts'
import type { Readable } from './handles.ts'
import { projectionsToRebuild } from './projections/projection.ts'
import { scalar } from './statement.ts'

/** Called before each check, with its number from 1 on and how many there are. */
export type OnCheck = (check: Check['check'], number: number, count: number) => void

/** What one of several threads checks. */
export interface VerifyShare {
  isWanted?: (check: Check['check']) => boolean
  /** The part of the search index; all of it if it is left out. */
  indexSlice?: IndexSlice
}

/**
 * Checks everything that the file promises; the records in one read transaction, as of the time `now`. `file` is the check
 * of its pages, for a caller that has done it before.
 */
export function verifyStore(
  database: Readable,
  now: number,
  file: Check = checkFile(database),
  onCheck: OnCheck = () => {},
  { isWanted = () => true, indexSlice }: VerifyShare = {},
): Check[] {
  // The content of a damaged file proves nothing.
  if (file.broken > 0) return [file]
  const verify = database.transaction(() => {
    const accounts = scalar<[], number>(database, 'SELECT account_id FROM accounts').all()
    const rebuilding = projectionsToRebuild(database)
    const ofAccounts = (check: Check['check'], run: (accountId: number) => Check) => () =>
      mergeChecks(check, accounts.map(run))
    const checks: Record<Check['check'], () => Check> = {
      file: () => file,
      foreign_keys: () => checkForeignKeys(database),
      row_hashes: () => checkHashes(database),
      amounts: () => checkAmounts(database),
      imports: ofAccounts('imports', (id) => checkImports(database, id)),
      imported_jobs: ofAccounts('imported_jobs', (id) => checkImportedJobs(database, id)),
      folders: ofAccounts('folders', (id) => checkFolders(database, id)),
      links: ofAccounts('links', (id) => checkLinks(database, id, now)),
      cases: ofAccounts('cases', (id) => checkCases(database, id, now)),
      conservation: ofAccounts('conservation', (id) => checkConservation(database, id)),
      results: () => checkResults(database),
      search_index: () => checkSearchIndex(database, indexSlice),
      counters: () => checkRollups(database),
      marks: ofAccounts('marks', (id) => checkMarks(database, id)),
    }
    const wanted = checkNames.filter(isWanted)
    return wanted.map((check, index) => {
      onCheck(check, index + 1, wanted.length)
      const isPending = checkedProjections[check]?.some((name) => rebuilding.has(name))
      return isPending ? { ...startCheck(check), pending: true } : unlessUnreadable(check, checks[check])
    })
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
