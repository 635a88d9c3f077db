import type Database from 'better-sqlite3'
import { first } from './0001-first.ts'
import { standardTerms } from './0002-standard-terms.ts'
import { projections } from './0003-projections.ts'
import { listedFrom } from './0004-listed-from.ts'
import { balanceJumps } from './0005-balance-jumps.ts'
import { rowsWithoutIds } from './0006-rows-without-ids.ts'
import { baseBalance } from './0007-base-balance.ts'
import { imports } from './0008-imports.ts'
import { folders } from './0009-folders.ts'
import { sampleAccounts } from './0010-sample-accounts.ts'
import { matchDecisions } from './0011-match-decisions.ts'
import { resultsInFolders } from './0012-results-in-folders.ts'
import { rollups } from './0013-rollups.ts'
import { resultsById } from './0014-results-by-id.ts'
import { unnamedRefunds } from './0015-unnamed-refunds.ts'
import { syncedAt } from './0016-synced-at.ts'
import { accountView } from './0017-account-view.ts'
import { joinedAccounts } from './0018-joined-accounts.ts'
import { lessPerJob } from './0019-less-per-job.ts'
import { unlinkedRefunds } from './0020-unlinked-refunds.ts'
import { correctedZones } from './0021-corrected-zones.ts'
import { matchOffers } from './0022-match-offers.ts'
import { shortenings } from './0023-shortenings.ts'
import { listedQuarantine } from './0024-listed-quarantine.ts'
import { lateness } from './0025-lateness.ts'
import { importedJobs } from './0026-imported-jobs.ts'
import { unreadDeletions } from './0027-unread-deletions.ts'
import { ledgerTexts } from './0028-ledger-texts.ts'

/**
 * One change of the schema. `version` is the `user_version` of a file after it; `run` may read and write rows as well.
 */
export interface Migration {
  version: number
  name: string
  run(database: Database.Database): void
}

/** Every migration, oldest first, with versions 1, 2, 3 and so on. Never edit one that has landed. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'first', run: (database) => database.exec(first) },
  { version: 2, name: 'standard terms', run: standardTerms },
  { version: 3, name: 'projections', run: projections },
  { version: 4, name: 'listed from', run: listedFrom },
  { version: 5, name: 'balance jumps', run: balanceJumps },
  { version: 6, name: 'rows without ids', run: rowsWithoutIds },
  { version: 7, name: 'base balance', run: baseBalance },
  { version: 8, name: 'imports', run: imports },
  { version: 9, name: 'folders', run: folders },
  { version: 10, name: 'sample accounts', run: sampleAccounts },
  { version: 11, name: 'match decisions', run: matchDecisions },
  { version: 12, name: 'results in folders', run: resultsInFolders },
  { version: 13, name: 'rollups', run: rollups },
  { version: 14, name: 'results by id', run: resultsById },
  { version: 15, name: 'unnamed refunds', run: unnamedRefunds },
  { version: 16, name: 'synced at', run: syncedAt },
  { version: 17, name: 'account view', run: accountView },
  { version: 18, name: 'joined accounts', run: joinedAccounts },
  { version: 19, name: 'less per job', run: lessPerJob },
  { version: 20, name: 'unlinked refunds', run: unlinkedRefunds },
  { version: 21, name: 'corrected zones', run: correctedZones },
  { version: 22, name: 'match offers', run: matchOffers },
  { version: 23, name: 'shortenings', run: shortenings },
  { version: 24, name: 'listed quarantine', run: listedQuarantine },
  { version: 25, name: 'lateness', run: lateness },
  { version: 26, name: 'imported jobs', run: importedJobs },
  { version: 27, name: 'unread deletions', run: unreadDeletions },
  { version: 28, name: 'ledger texts', run: ledgerTexts },
]

/** The version of a file that has seen every migration. */
export const latestVersion = migrations.length

/** Brings an open database up to `target` (all migrations by default), one transaction per migration. */
export function migrate(database: Database.Database, target: number = latestVersion): void {
  const from = database.pragma('user_version', { simple: true }) as number
  for (const { version, run } of migrations) {
    if (version <= from || version > target) continue
    database
      .transaction(() => {
        run(database)
        database.pragma(`user_version = ${version}`)
      })
      .immediate()
  }
}
