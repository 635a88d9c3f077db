/** Checks the jobs of our own export (docs/exports.md), which come along with its credit history. */
import { z } from 'zod'
import { JobSchema, optionalTime, ResultSchema } from '../../service/schemas.ts'
import type { ImportedJob } from './imported-jobs.ts'

/** The jobs of an export, and how many of its records are no valid jobs. */
export interface ExportedJobs {
  jobs: ImportedJob[]
  refused: number
}

/** Exports have no addresses of files; other fields are those of the service, except for the name of the id. */
const ExportedJob = JobSchema.omit({ results: true }).extend({
  results: z.array(ResultSchema.omit({ url: true, thumbnailUrl: true })),
  removedAt: optionalTime,
})

/** The valid jobs, each once. Jobs of folders, which have no chat, are left out: their folder brings them back. */
export function checkedJobs(records: readonly object[]): ExportedJobs {
  const jobs = new Map<string, ImportedJob>()
  let refused = 0
  for (const record of records as { jobId?: unknown; chatId?: unknown }[]) {
    const { success, data } = ExportedJob.safeParse({ ...record, id: record.jobId })
    if (success) jobs.set(`${data.agent} ${data.id}`, data)
    else if (record.chatId !== null) refused++
  }
  return { jobs: [...jobs.values()], refused }
}
