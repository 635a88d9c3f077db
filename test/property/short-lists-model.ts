/** A second, simple implementation of how far the job lists reach back. */
import type { CreditTransaction } from '../../src/core/service/schemas.ts'
import { type Agent, agents, type ProofStream } from '../../src/shared/values.ts'

interface DatedCase {
  outcome: string
  agent: Agent | null
  createdAt: number
}

/** The streams whose lists begin after a charge without a job, among all cases of the account. */
export function shortListsFor(own: DatedCase, all: readonly DatedCase[]): ProofStream[] {
  if (own.outcome !== 'no_job') return []
  const of = own.agent === null ? agents : [own.agent]
  const jobs = all.filter(({ outcome, agent }) => outcome !== 'no_job' && of.some((one) => one === agent))
  const isOlder = ({ createdAt }: DatedCase) => jobs.length > 0 && jobs.every((job) => createdAt < job.createdAt)
  // Its job may be half an hour older than the charge.
  const mayBeOlder = isOlder({ ...own, createdAt: own.createdAt - 1_800_000 })
  const older = all.filter(
    (one) => one.outcome === 'no_job' && isOlder(one) && (one.agent === null || of.includes(one.agent)),
  )
  return mayBeOlder && older.length >= 3 ? of.map((agent): ProofStream => `jobs:${agent}`) : []
}

/** Whether a charge of a job may be older than all rows of the credit history, which is short if three jobs are. */
export function lacksCharges(
  own: DatedCase,
  all: readonly DatedCase[],
  rows: readonly { occurredAt: number }[],
): boolean {
  const isOlder = ({ outcome, createdAt }: DatedCase) =>
    outcome !== 'no_job' && rows.every(({ occurredAt }) => createdAt + 60_000 < occurredAt)
  return isOlder(own) && all.filter(isOlder).length >= 3
}

/** The time of the first charge for the job that a charge names, among charges without a job by time; its own without a name. */
export function firstChargeTime(name: string, lone: readonly CreditTransaction[]): number | undefined {
  const own = lone.find(({ id }) => name === `charge:${id}`)
  if (!own?.jobId) return own?.occurredAt
  const isSame = ({ jobId, agent }: CreditTransaction) =>
    jobId === own.jobId && (agent === own.agent || agent === null || own.agent === null)
  return lone.find(isSame)?.occurredAt
}
