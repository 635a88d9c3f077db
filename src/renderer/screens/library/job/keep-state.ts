import type { ErrorView } from '../../../../shared/errors.ts'
import type { JobDetail, OriginalsState, OriginalView } from '../../../../shared/views.ts'

/** The combined state of the originals of one job. */
type KeepState =
  | { state: 'none' }
  | { state: 'waiting' }
  | { state: 'keeping'; share: number }
  | { state: 'kept'; bytes: number }
  | { state: 'failed'; error: ErrorView; kept: number }

type Job = Pick<JobDetail, 'agent' | 'jobId' | 'allResults'>

export function keepState(job: Job, originals: readonly OriginalView[], running: OriginalsState['running']): KeepState {
  const own = running.filter(({ agent, jobId }) => agent === job.agent && jobId === job.jobId)
  const kept = originals.filter(({ state }) => state === 'kept')
  const all = job.allResults.length
  if (own.length > 0) {
    const shares = own.map(({ received, total }) => (total ? Math.min(1, received / total) : 0))
    return { state: 'keeping', share: (kept.length + shares.reduce((sum, share) => sum + share, 0)) / all }
  }
  if (originals.some(({ state }) => state === 'waiting')) return { state: 'waiting' }
  const failed = originals.find(({ error }) => error)
  if (failed?.error) return { state: 'failed', error: failed.error, kept: kept.length }
  if (kept.length < all) return { state: 'none' }
  return { state: 'kept', bytes: kept.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) }
}
