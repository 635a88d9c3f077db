import type { ErrorView } from '../../shared/errors.ts'
import { type RecordStream, type Stream, streams } from '../../shared/values.ts'
import type { StreamState } from '../../shared/views.ts'
import type { QuarantinedRecord } from '../service/service.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/** Where one stream of one account stands. A kill between two pages resumes from here. */
export interface StreamPosition {
  /** `confirm`: a re-listing came back so short that the user has to confirm it. */
  phase: 'listing' | 'confirm' | 'changes'
  /** The next page of the listing; null for its first page. */
  pageToken: string | null
  /** Where the change feed goes on; during a listing where it stood as the listing began. */
  cursor: string | null
  /** Counts the listings, from 1. */
  listingEpoch: number
  /** Records of this stream in the file; `verify` counts them again. */
  records: number
  listed: number
  total: number | null
  /** Records that Carat listed before this listing began. */
  knownBefore: number
  lastSuccessAt: number | null
}

/** The source of a page: a snapshot or the change feed, with the listing epoch of its stream. */
export interface Delivery {
  listingEpoch: number
  listing: boolean
}

interface StreamRow {
  stream: Stream
  phase: StreamPosition['phase']
  page_token: string | null
  cursor: string | null
  listing_epoch: number
  records: number
  listed: number
  total: number | null
  known_before: number
  last_success_at: number | null
  listed_from: number | null
  error: string | null
}

const start: StreamPosition = {
  phase: 'listing',
  pageToken: null,
  cursor: null,
  listingEpoch: 1,
  records: 0,
  listed: 0,
  total: null,
  knownBefore: 0,
  lastSuccessAt: null,
}

export function readPosition(database: Readable, accountId: number, stream: Stream): StreamPosition {
  const row = statement<[number, Stream], StreamRow>(
    database,
    'SELECT * FROM sync_streams WHERE account_id = ? AND stream = ?',
  ).get(accountId, stream)
  if (!row) return start
  return {
    phase: row.phase,
    pageToken: row.page_token,
    cursor: row.cursor,
    listingEpoch: row.listing_epoch,
    records: row.records,
    listed: row.listed,
    total: row.total,
    knownBefore: row.known_before,
    lastSuccessAt: row.last_success_at,
  }
}

/** Stores the position, and the error of the last try if there is one. */
export function savePosition(
  database: Writable,
  accountId: number,
  stream: Stream,
  position: StreamPosition,
  error: ErrorView | null = null,
): void {
  statement<unknown[]>(
    database,
    `INSERT INTO sync_streams (account_id, stream, phase, page_token, cursor, listing_epoch, records, listed, total,
       known_before, last_success_at, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET phase = excluded.phase, page_token = excluded.page_token, cursor = excluded.cursor,
       listing_epoch = excluded.listing_epoch, records = excluded.records, listed = excluded.listed, total = excluded.total,
       known_before = excluded.known_before, last_success_at = excluded.last_success_at, error = excluded.error`,
  ).run(
    accountId,
    stream,
    position.phase,
    position.pageToken,
    position.cursor,
    position.listingEpoch,
    position.records,
    position.listed,
    position.total,
    position.knownBefore,
    position.lastSuccessAt,
    error && JSON.stringify(error),
  )
}

/** Forgets that streams were read at times that are still to come: the clock was set back since. */
export function forgetFutureReads(database: Writable, accountId: number, now: number): void {
  statement<[number, number]>(
    database,
    'UPDATE sync_streams SET last_success_at = NULL WHERE account_id = ? AND last_success_at > ?',
  ).run(accountId, now)
}

/** Stores the time from which the service still lists a stream; null if it lists every stored record. */
export function saveListedFrom(database: Writable, accountId: number, stream: Stream, time: number | null): void {
  statement<[number | null, number, Stream]>(
    database,
    'UPDATE sync_streams SET listed_from = ? WHERE account_id = ? AND stream = ?',
  ).run(time, accountId, stream)
}

/** Records of a stream that the snapshot `listingEpoch`, or a change feed after it, has returned, retracted ones aside. */
export function countInEpoch(
  database: Readable,
  accountId: number,
  stream: RecordStream,
  listingEpoch: number,
): number {
  if (stream === 'credits') {
    const sql =
      'SELECT count(*) FROM credit_transactions WHERE account_id = ? AND listing_epoch = ? AND retracted_at IS NULL'
    return scalar<[number, number], number>(database, sql).get(accountId, listingEpoch) ?? 0
  }
  const sql =
    'SELECT count(*) FROM jobs WHERE account_id = ? AND agent = ? AND listing_epoch = ? AND removed_at IS NULL'
  const agent = stream.slice('jobs:'.length)
  return scalar<[number, string, number], number>(database, sql).get(accountId, agent, listingEpoch) ?? 0
}

/** Keeps records that broke the contract, once each. */
export function quarantine(
  database: Writable,
  accountId: number,
  stream: Stream,
  records: readonly QuarantinedRecord[],
  now: number,
): void {
  const insert = statement<unknown[]>(
    database,
    `INSERT INTO quarantined_records (account_id, stream, record, problem, raw, first_seen_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET problem = excluded.problem, raw = excluded.raw`,
  )
  for (const record of records) {
    insert.run(accountId, stream, record.id ?? record.raw.slice(0, 200), record.problem, record.raw, now)
  }
}

/** A record that was set aside has come again, whole. */
export function clearQuarantine(database: Writable, accountId: number, stream: Stream, ids: readonly string[]): void {
  const any = scalar<[number, Stream], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM quarantined_records WHERE account_id = ? AND stream = ?)',
  ).get(accountId, stream)
  if (!any) return
  const remove = statement<[number, Stream, string]>(
    database,
    'DELETE FROM quarantined_records WHERE account_id = ? AND stream = ? AND record = ?',
  )
  for (const id of ids) remove.run(accountId, stream, id)
}

/** The state of every stream as the file knows it. */
export function streamStates(database: Readable, accountId: number | null): StreamState[] {
  return streams.map((stream) => {
    const row =
      accountId === null
        ? undefined
        : statement<[number, Stream], StreamRow>(
            database,
            'SELECT * FROM sync_streams WHERE account_id = ? AND stream = ?',
          ).get(accountId, stream)
    return {
      stream,
      phase: 'idle',
      records: row?.records ?? 0,
      listed: row?.listed ?? 0,
      total: row?.total ?? null,
      rate: null,
      remainingMs: null,
      lastSuccessAt: row?.last_success_at ?? null,
      listedFrom: row?.listed_from ?? null,
      error: row?.error ? (JSON.parse(row.error) as ErrorView) : null,
      retryAt: null,
      quarantined:
        scalar<[number | null, Stream], number>(
          database,
          'SELECT count(*) FROM quarantined_records WHERE account_id = ? AND stream = ?',
        ).get(accountId, stream) ?? 0,
    }
  })
}
