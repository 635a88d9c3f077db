/** A second, simple implementation of how far the job lists reach back. */
import { type Agent, agents, type ProofStream } from '../../src/shared/values.ts'

/** From when on the list of each agent shows jobs because it was shortened; null if it shows all. */
export type ListsFrom = Readonly<Record<Agent, number | null>>

interface DatedCase {
  outcome: string
  agent: Agent | null
  createdAt: number
}

/** The streams whose lists begin after a case, among all cases of the account. */
export function shortListsFor(own: DatedCase, all: readonly DatedCase[], from: ListsFrom): ProofStream[] {
  const of = own.agent === null ? agents : [own.agent]
  const cut = of.filter((agent) => from[agent] !== null && own.createdAt < (from[agent] as number))
  if (cut.length > 0) return cut.map((agent): ProofStream => `jobs:${agent}`)
  if (own.outcome !== 'no_job') return []
  const oldest = (agent: Agent) =>
    all
      .filter((one) => one.outcome !== 'no_job' && one.agent === agent)
      .map(({ createdAt }) => createdAt)
      .sort((a, b) => a - b)[0]
  const begins = of.map((agent) => from[agent] ?? oldest(agent)).filter((time) => time !== undefined)
  const isOlder = ({ createdAt }: DatedCase) => begins.length > 0 && begins.every((time) => createdAt < time)
  const older = all.filter(
    (one) => one.outcome === 'no_job' && isOlder(one) && (one.agent === null || of.includes(one.agent)),
  )
  return isOlder(own) && older.length >= 3 ? of.map((agent): ProofStream => `jobs:${agent}`) : []
}
