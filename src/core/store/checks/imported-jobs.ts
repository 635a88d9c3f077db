/** The check of imported jobs: the stored jobs that only exports know are exactly those of the imports. */

import type { Readable } from '../handles.ts'
import { isStoredImport, jobOfName, namesOfImportedJobs, storedImport, wantedImport } from '../imports/imported-jobs.ts'
import { type Check, startCheck } from './check.ts'

export function checkImportedJobs(database: Readable, accountId: number): Check {
  const found = startCheck('imported_jobs')
  for (const name of namesOfImportedJobs(database, accountId)) {
    const job = jobOfName(name)
    if (!job) continue
    const wanted = wantedImport(database, accountId, job.agent, job.jobId)
    const stored = storedImport(database, accountId, job.agent, job.jobId)
    const isRight = wanted ? stored !== null && isStoredImport(database, stored, wanted) : stored === null
    found.see(!isRight, () => name)
  }
  return found
}
