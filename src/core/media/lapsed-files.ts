import type { MediaRef } from '../../shared/bridge.ts'
import type { JobName, RenewalView } from '../../shared/views.ts'

/** An address that has lapsed is not fetched again for this long, whatever the page shows. */
const restMs = 10 * 60_000
/** Jobs that are remembered: the oldest leave first. */
const maxJobs = 5_000

interface LapsedFile {
  ref: MediaRef
  address: string
  since: number
  /** The server refused the file. An answer with other content may be a passing fault. */
  isRefused: boolean
}

/** The files that could not be fetched because their address has lapsed, in memory. */
export interface LapsedFiles {
  /** Whether the server has refused an address of a file lately. */
  has(ref: MediaRef, address: string): boolean
  add(ref: MediaRef, address: string, isRefused: boolean): void
  /**
   * Why files of some jobs cannot be shown: `lapsed`, `renewed` if their addresses are others by now, or `failed` for any other
   * reason.
   */
  statesOf(jobs: readonly JobName[]): RenewalView[]
}

/** `addressOf` gives the current address of a file; `now` is the time in milliseconds. */
export function createLapsedFiles(addressOf: (ref: MediaRef) => string | null, now: () => number): LapsedFiles {
  const byJob = new Map<string, Map<string, LapsedFile>>()
  const jobKey = ({ agent, jobId }: JobName) => JSON.stringify([agent, jobId])
  const fileKey = ({ resultId, size }: MediaRef) => JSON.stringify([resultId, size])
  const isRecent = ({ since }: LapsedFile) => now() - since < restMs

  function stateOf(job: JobName): RenewalView['state'] {
    const files = [...(byJob.get(jobKey(job))?.values() ?? [])].filter(isRecent)
    if (files.length === 0) return 'failed'
    return files.some(({ ref, address }) => addressOf(ref) === address) ? 'lapsed' : 'renewed'
  }

  return {
    has(ref, address) {
      const file = byJob.get(jobKey(ref))?.get(fileKey(ref))
      return file?.isRefused === true && file.address === address && isRecent(file)
    },
    add(ref, address, isRefused) {
      const key = jobKey(ref)
      const files = byJob.get(key) ?? new Map<string, LapsedFile>()
      files.set(fileKey(ref), { ref, address, since: now(), isRefused })
      byJob.delete(key)
      byJob.set(key, files)
      const [oldest] = byJob.keys()
      if (byJob.size > maxJobs && oldest !== undefined) byJob.delete(oldest)
    },
    statesOf: (jobs) => jobs.map((job) => ({ ...job, state: stateOf(job) })),
  }
}
