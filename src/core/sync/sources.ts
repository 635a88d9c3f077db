import type { Agent, RecordStream } from '../../shared/values.ts'
import type { ListBeginning } from '../domain/shortenings.ts'
import type { CreditTransaction, DeletedJob, Job } from '../service/schemas.ts'
import type { ChangePage, Listing, QuarantinedRecord, Service } from '../service/service.ts'
import { noteUnlistedJob } from '../store/cases/shortenings.ts'
import type { Changes } from '../store/changes.ts'
import type { Readable, Writable } from '../store/handles.ts'
import { applyJobs, beginningOfJobs, keepJobListed, markRemoved } from '../store/jobs/jobs.ts'
import {
  applyTransactions,
  beginningOfCredits,
  keepTransactionListed,
  retractUnlisted,
} from '../store/ledger/credits.ts'
import type { Delivery, Unlisted } from '../store/streams.ts'

/** The effects of a page on the tables. */
export interface Applied {
  added: number
  updated: number
  /** Known records that this snapshot had not listed before. */
  listed: number
  /** The time of the oldest new ledger row (epoch ms); Infinity without any. */
  oldestAdded: number
  /** Records that came again with other content although they may not change. */
  quarantined: QuarantinedRecord[]
}

/** One record stream: how to request it and how to store its records. */
export interface Source<Item extends { id: string } = { id: string }> {
  stream: RecordStream
  listing(page: string | null, signal: AbortSignal): Promise<Listing<Item>>
  changes(cursor: string, signal: AbortSignal): Promise<ChangePage<Item>>
  /** Epoch milliseconds of a record; a listing runs from the newest to the oldest. */
  timeOf(item: Item): number
  /** Stores records and adds what changed to `changes`. */
  apply(
    database: Writable,
    accountId: number,
    items: readonly Item[],
    delivery: Delivery,
    now: number,
    changes: Changes,
  ): Applied
  /** Counts a record as listed although the snapshot returned it in an invalid form. */
  keepListed(database: Writable, accountId: number, id: string, delivery: Delivery): void
  /** How far back a finished snapshot reached. */
  beginning(database: Readable, accountId: number, listingEpoch: number): ListBeginning
  /** Marks the records that a finished snapshot no longer returned although it returned older ones. */
  markUnlisted(database: Writable, accountId: number, listingEpoch: number, now: number): Unlisted
}

const jobs = (service: Service, agent: Agent): Source<Job | DeletedJob> => ({
  stream: `jobs:${agent}`,
  listing: (page, signal) => service.jobListing(agent, page, signal),
  changes: (cursor, signal) => service.jobChanges(agent, cursor, signal),
  timeOf: (item) => ('deleted' in item ? 0 : item.createdAt),
  apply(database, accountId, items, delivery, now, changes) {
    const { oldestUnlisted, ...applied } = applyJobs(database, accountId, items, delivery, now, changes)
    if (oldestUnlisted !== null) noteUnlistedJob(database, accountId, agent, oldestUnlisted, now, changes)
    // An old job may be new here because it changed.
    return { ...applied, oldestAdded: Number.POSITIVE_INFINITY, quarantined: [] }
  },
  keepListed: (database, accountId, id, { listingEpoch }) =>
    keepJobListed(database, accountId, agent, id, listingEpoch),
  beginning: (database, accountId, listingEpoch) => beginningOfJobs(database, accountId, agent, listingEpoch),
  markUnlisted: (database, accountId, listingEpoch, now) => markRemoved(database, accountId, agent, listingEpoch, now),
})

const credits = (service: Service): Source<CreditTransaction> => ({
  stream: 'credits',
  listing: (page, signal) => service.creditListing(page, signal),
  changes: (cursor, signal) => service.creditChanges(cursor, signal),
  timeOf: ({ occurredAt }) => occurredAt,
  apply(database, accountId, items, delivery, _now, changes) {
    const { conflicting, ...applied } = applyTransactions(database, accountId, items, delivery, changes)
    const quarantined = conflicting.map((row) => ({
      id: row.id,
      problem: 'came again with other content',
      raw: JSON.stringify(row).slice(0, 4096),
    }))
    return { ...applied, quarantined }
  },
  keepListed: (database, accountId, id, { listingEpoch }) =>
    keepTransactionListed(database, accountId, id, listingEpoch),
  beginning: beginningOfCredits,
  markUnlisted: retractUnlisted,
})

/** The three record streams of an account. */
export const sources = (service: Service): Source[] =>
  [jobs(service, 'agent-1'), jobs(service, 'agent-2'), credits(service)] as unknown as Source[]
