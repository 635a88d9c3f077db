/** What one transaction did to the records. The projections consume it: see projections/projection.ts. */
import type { Job } from '../service/schemas.ts'
import type { LinkRow } from './linking.ts'

export interface ChangedJob {
  job: Job
  /** Whether a text that the search index holds is new. */
  textChanged: boolean
}

export interface Changes {
  /** New jobs and new revisions, by the row id that they have now. */
  insertedJobs: Map<number, ChangedJob>
  updatedJobs: Map<number, ChangedJob>
  /** Jobs whose time of creation was corrected, in the order of the moves: row ids rise with time. */
  movedJobs: { from: number; to: number }[]
  /** New charges and refunds, which are still to be linked. */
  insertedCredits: LinkRow[]
  /** Rows that moved to another case, with the case that they count in now. */
  relinkedCredits: LinkRow[]
  /** Cases to decide again. */
  cases: Set<number>
}

export const noChanges = (): Changes => ({
  insertedJobs: new Map(),
  updatedJobs: new Map(),
  movedJobs: [],
  insertedCredits: [],
  relinkedCredits: [],
  cases: new Set(),
})
