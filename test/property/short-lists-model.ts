/** A second, simple implementation of how far the job lists reach back. */
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
  const older = all.filter(
    (one) => one.outcome === 'no_job' && isOlder(one) && (one.agent === null || of.includes(one.agent)),
  )
  return isOlder(own) && older.length >= 3 ? of.map((agent): ProofStream => `jobs:${agent}`) : []
}
