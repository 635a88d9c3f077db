/** A charge that names no job as a screen shows it, with the jobs themselves. */
import type { JobItem } from './job-views.ts'
import type { ChargeMatches, MatchCandidate, MatchDecided } from './matches.ts'

export interface MatchCandidateView extends Omit<MatchCandidate, 'jobs'> {
  jobs: JobItem[]
}

export interface ChargeMatchesView extends Pick<ChargeMatches, 'delivered'> {
  /** The name of the case of the charge. */
  case: string
  candidates: MatchCandidateView[]
  decision: (Omit<MatchDecided, 'jobs'> & { jobs: JobItem[] }) | null
}
