/** The check of folders: each content of a folder has its job, and each folder job has a content. */

import type { Readable } from '../handles.ts'
import { contentsWithJobs, isStoredJob, storedJobs, wantedJob } from '../imports/folder-jobs.ts'
import { type Check, startCheck } from './check.ts'

export function checkFolders(database: Readable, accountId: number): Check {
  const found = startCheck('folders')
  for (const sha256 of contentsWithJobs(database, accountId)) {
    const wanted = wantedJob(database, accountId, sha256)
    const stored = storedJobs(database, accountId, sha256)
    const isRight = wanted
      ? stored.length === 1 && stored.every((job) => isStoredJob(job, wanted))
      : stored.length === 0
    found.see(!isRight, () => sha256)
  }
  return found
}
