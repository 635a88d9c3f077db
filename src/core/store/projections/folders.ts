/** The projection of folders: the jobs of the contents in all folders of an account that are not undone. */
import { type Changes, noChanges } from '../changes.ts'
import type { Readable } from '../handles.ts'
import { contentOfJob, folderJobWriter } from '../imports/folder-jobs.ts'
import { contentsOfJob, hasFolders } from '../imports/listed-files.ts'
import { scalar, statement } from '../statement.ts'
import type { Projection } from './definition.ts'

/** Files of one slice, whose jobs are derived in about 10 ms. */
const sliceFiles = 100

export const folders: Projection = {
  name: 'folders',
  version: 3,
  apply(database, { accountId }, { contents, derivedJobs, insertedJobs, updatedJobs }) {
    if (insertedJobs.size + updatedJobs.size > 0 && hasFolders(database, accountId)) {
      for (const rowId of [...insertedJobs.keys(), ...updatedJobs.keys()]) {
        for (const sha256 of contentsOfJob(database, accountId, rowId)) contents.add(sha256)
      }
    }
    const write = folderJobWriter(database, accountId, derivedJobs)
    for (const sha256 of contents) write(sha256)
    return 0
  },
  rebuild(database, before) {
    const records = new Map<number, Changes>()
    if (before === Number.MAX_SAFE_INTEGER) addStrayJobs(database, records)
    // Oldest first, as they were added: files of one time then get their row ids in the same order.
    const after = Number.MAX_SAFE_INTEGER - before
    const files = statement<[number, number], { fileId: number; accountId: number; sha256: string | null }>(
      database,
      `SELECT f.file_id AS fileId, b.account_id AS accountId, f.sha256
       FROM folder_files f JOIN import_batches b ON b.batch_id = f.batch_id
       WHERE f.file_id > ? ORDER BY f.file_id LIMIT ?`,
    ).all(after, sliceFiles)
    for (const { accountId, sha256 } of files) if (sha256 !== null) changesOf(records, accountId).contents.add(sha256)
    const last = files.at(-1)
    const next = last && files.length === sliceFiles ? Number.MAX_SAFE_INTEGER - last.fileId : null
    return { next, rows: files.length, changed: 0, records }
  },
  total: (database) => scalar<[], number>(database, 'SELECT count(*) FROM folder_files').get() ?? 0,
}

function changesOf(records: Map<number, Changes>, accountId: number): Changes {
  const changes = records.get(accountId) ?? noChanges()
  records.set(accountId, changes)
  return changes
}

/** Adds folder jobs whose content no file has: no slice of files would find them. */
function addStrayJobs(database: Readable, records: Map<number, Changes>): void {
  const strayJobs = scalar<[object], string>(
    database,
    `SELECT ${contentOfJob} FROM jobs j
     WHERE j.account_id = @accountId AND j.listing_epoch = 0 AND NOT EXISTS (
       SELECT 1 FROM folder_files f JOIN import_batches b ON b.batch_id = f.batch_id
       WHERE f.sha256 = ${contentOfJob} AND b.account_id = @accountId)`,
  )
  for (const accountId of scalar<[], number>(database, 'SELECT account_id FROM accounts').all()) {
    for (const sha256 of strayJobs.all({ accountId })) changesOf(records, accountId).contents.add(sha256)
  }
}
