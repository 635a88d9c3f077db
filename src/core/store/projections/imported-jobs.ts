/** The projection of imported jobs: those that only exports know which were imported and are not undone. */
import { jobCaseName } from '../../domain/ledger.ts'
import { type Changes, noChanges } from '../changes.ts'
import type { Readable } from '../handles.ts'
import { importedJobWriter } from '../imports/imported-jobs.ts'
import { scalar, statement } from '../statement.ts'
import type { Projection } from './definition.ts'

/** Jobs of one slice, which are derived in about 10 ms. */
const sliceJobs = 100

interface NamedJob {
  accountId: number
  agent: 'agent-1' | 'agent-2'
  id: string
}

export const importedJobs: Projection = {
  name: 'imported_jobs',
  version: 1,
  apply(database, { accountId }, changes) {
    const write = importedJobWriter(database, accountId, changes.derivedJobs)
    for (const name of changes.importedJobs) write(name)
    return 0
  },
  rebuild(database, before) {
    const records = new Map<number, Changes>()
    if (before === Number.MAX_SAFE_INTEGER) addJobs(records, strayJobs(database))
    const jobs = statement<[number, number], NamedJob & { number: number }>(
      database,
      `SELECT i.import_job_id AS number, b.account_id AS accountId, i.agent, i.id
       FROM import_jobs i JOIN import_batches b ON b.batch_id = i.batch_id
       WHERE i.import_job_id < ? ORDER BY i.import_job_id DESC LIMIT ?`,
    ).all(before, sliceJobs)
    addJobs(records, jobs)
    const last = jobs.at(-1)
    return { next: last && jobs.length === sliceJobs ? last.number : null, rows: jobs.length, changed: 0, records }
  },
  total: (database) => scalar<[], number>(database, 'SELECT count(*) FROM import_jobs').get() ?? 0,
}

function addJobs(records: Map<number, Changes>, jobs: readonly NamedJob[]): void {
  for (const { accountId, agent, id } of jobs) {
    const changes = records.get(accountId) ?? noChanges()
    records.set(accountId, changes)
    changes.importedJobs.add(jobCaseName(agent, id))
  }
}

/** Stored jobs of imports that no import has: no slice would find them. */
function strayJobs(database: Readable): NamedJob[] {
  const ofAccount = statement<[number], NamedJob>(
    database,
    `SELECT j.account_id AS accountId, j.agent, j.id FROM jobs j WHERE j.account_id = ? AND j.listing_epoch < 0
       AND NOT EXISTS (SELECT 1 FROM import_jobs i WHERE i.id = j.id AND i.agent = j.agent)`,
  )
  const accounts = scalar<[], number>(database, 'SELECT account_id FROM accounts').all()
  return accounts.flatMap((accountId) => ofAccount.all(accountId))
}
