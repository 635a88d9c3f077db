/** The changes that writes of `jobs` and `credit_transactions` report to the projections (projections/projection.ts). */
import type { Job } from '../service/schemas.ts'
import type { LinkRow } from './cases/link-rows.ts'
import type { LinkChanges } from './cases/linking.ts'

export interface ChangedJob {
  job: Job
  /** Whether a text that the search index holds is new. */
  textChanged: boolean
  /** Whether anything is new on which the verdict of a case may depend. */
  factsChanged: boolean
}

export interface Changes extends LinkChanges {
  /** New jobs and new revisions, by the row id that they have now. */
  insertedJobs: Map<number, ChangedJob>
  updatedJobs: Map<number, ChangedJob>
  /** Jobs whose time of creation was corrected, in the order of the moves: row ids rise with time. */
  movedJobs: { from: number; to: number }[]
  /** New rows that may count in a case and are not linked yet, and rows of an unknown kind that give credits. */
  insertedCredits: LinkRow[]
  /** New charges that are in their cases already. */
  linkedCharges: LinkRow[]
  /** Amounts of refunds without ids that were retracted or listed again. */
  unnamedRefunds: Set<number>
  /** Refunds without ids that are not stored any more, because their import was undone; times in epoch ms. */
  removedRefunds: { amount: number; at: number }[]
  /** Contents of folders (SHA-256) and case names of imported jobs that may have changed, and the row ids of the jobs that did. */
  contents: Set<string>
  importedJobs: Set<string>
  derivedJobs: Set<number>
  /** Days in Korea to which the service added ledger rows, and those whose imports changed. */
  ledgerDays: Set<number>
  importedDays: Set<number>
  /** Imported rows whose ledger row changed: the old id and the new one. */
  renamedCredits: Map<string, string>
}

export const noChanges = (): Changes => ({
  insertedJobs: new Map(),
  updatedJobs: new Map(),
  movedJobs: [],
  insertedCredits: [],
  linkedCharges: [],
  relinkedCredits: [],
  cases: new Set(),
  unnamedRefunds: new Set(),
  removedRefunds: [],
  contents: new Set(),
  importedJobs: new Set(),
  derivedJobs: new Set(),
  ledgerDays: new Set(),
  importedDays: new Set(),
  renamedCredits: new Map(),
})
