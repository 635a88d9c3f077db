import type { SourceRef } from '../../shared/bridge.ts'
import type { JobName, RenewalView } from '../../shared/views.ts'

/** A refused address is not fetched again for this long, whatever the page shows. */
const restMs = 10 * 60_000
/** The number of remembered jobs; the oldest are forgotten first. */
const maxJobs = 5_000

/**
 * The reason why a file is missing: the server refused its address, or sent other content, perhaps temporarily, or no browser shows
 * its type.
 */
export type MissingReason = 'refused' | 'other_content' | 'unplayable'

interface MissingFile {
  ref: SourceRef
  address: string
  since: number
  reason: MissingReason
}

/** The files that could not be shown, in memory. */
export interface MissingFiles {
  /** Whether the server has refused an address of a file lately. */
  isRefused(ref: SourceRef, address: string): boolean
  add(ref: SourceRef, address: string, reason: MissingReason): void
  /** Why files of some jobs are missing; see `RenewalView`. */
  statesOf(jobs: readonly JobName[]): RenewalView[]
}

/** `addressOf` gives the current address of a file; `now` is the time in milliseconds. */
export function createMissingFiles(addressOf: (ref: SourceRef) => string | null, now: () => number): MissingFiles {
  const byJob = new Map<string, Map<string, MissingFile>>()
  const jobKey = ({ agent, jobId }: JobName) => JSON.stringify([agent, jobId])
  const fileKey = ({ resultId, size }: SourceRef) => JSON.stringify([resultId, size])
  const isRecent = ({ since }: MissingFile) => now() - since < restMs

  function stateOf(job: JobName): RenewalView['state'] {
    const files = [...(byJob.get(jobKey(job))?.values() ?? [])].filter(isRecent)
    if (files.length === 0) return 'failed'
    const current = files.filter(({ ref, address }) => addressOf(ref) === address)
    if (current.length === 0) return 'renewed'
    return current.every(({ reason }) => reason === 'unplayable') ? 'unplayable' : 'lapsed'
  }

  return {
    isRefused(ref, address) {
      const file = byJob.get(jobKey(ref))?.get(fileKey(ref))
      return file?.reason === 'refused' && file.address === address && isRecent(file)
    },
    add(ref, address, reason) {
      const key = jobKey(ref)
      const files = byJob.get(key) ?? new Map<string, MissingFile>()
      files.set(fileKey(ref), { ref, address, since: now(), reason })
      byJob.delete(key)
      byJob.set(key, files)
      const [oldest] = byJob.keys()
      if (byJob.size > maxJobs && oldest !== undefined) byJob.delete(oldest)
    },
    statesOf: (jobs) => jobs.map((job) => ({ ...job, state: stateOf(job) })),
  }
}
