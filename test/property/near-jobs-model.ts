/** A second, simple implementation of which jobs a charge without a job may have paid for (rule L10). */
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'

export const media = ['image', 'video', 'audio', 'subtitle']
/** Whether two features are the same, or one of them says nothing that we know. */
export const areAlike = (one: string | null, other: string | null) =>
  one === other || !media.includes(one ?? '') || !media.includes(other ?? '')

const minute = 60_000
const agrees = (one: string | null, other: string | null) => one === null || other === null || one === other
const isSameWork = (charge: CreditTransaction, job: Job) =>
  areAlike(charge.feature, job.kind) && agrees(charge.agent, job.agent) && agrees(charge.model, job.model)

/** The only job that began one to five minutes after a charge, unless another charge was written up to a minute after that. */
export function laterJobFor(
  charge: CreditTransaction,
  jobs: readonly Job[],
  lone: readonly CreditTransaction[],
): Job[] {
  const after = (time: number) => time - charge.occurredAt
  const later = jobs.filter((job) => after(job.createdAt) > minute && after(job.createdAt) <= 5 * minute)
  const same = later.filter((job) => isSameWork(charge, job))
  const isPaid = (job: Job) =>
    lone.some((row) => after(row.occurredAt) > 0 && row.occurredAt - job.createdAt <= minute && isSameWork(row, job))
  return same.length === 1 && !same.some(isPaid) ? same : []
}

/** The uncharged jobs whose life, a minute more on both sides, holds the time of a charge; of the nearest chat only. */
export function jobsFor(charge: CreditTransaction, jobs: readonly Job[], endSeenAt: number): Job[] {
  const near = jobs.filter((job) => {
    const end = job.finishedAt ?? (['queued', 'running'].includes(job.status) ? job.createdAt : endSeenAt)
    const isThen = job.createdAt <= charge.occurredAt + minute && end >= charge.occurredAt - minute
    return isThen && isSameWork(charge, job) && charge.occurredAt - job.createdAt <= 30 * minute
  })
  const apart = (job: Job) => Math.abs(job.createdAt - charge.occurredAt)
  const nearest = near.toSorted(
    (a, b) => apart(a) - apart(b) || (`${a.id} ${a.agent}` < `${b.id} ${b.agent}` ? -1 : 1),
  )[0]
  return near.filter((job) => job.chatId === nearest?.chatId)
}
