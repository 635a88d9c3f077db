/**
 * The tables `sync_streams` (the position of each stream) and `quarantined_records` (records that break the contract).
 */
import type { ErrorView } from '../../shared/errors.ts'
import { type ProofStream, type RecordStream, type Stream, streams } from '../../shared/values.ts'
import type { StreamState } from '../../shared/views.ts'
import type { Shortening, UnreadableTime } from '../domain/shortenings.ts'
import { statedTime } from '../domain/unreadable-records.ts'
import type { QuarantinedRecord } from '../service/service.ts'
import { parseStoredList, parseStoredRecord } from './file/errors.ts'
import type { Readable, Writable } from './handles.ts'
import { isFromService } from './schema/views.ts'
import { scalar, statement } from './statement.ts'

/** How far a stream of an account was read. After a kill between two pages, the sync resumes here. */
export interface StreamPosition {
  /** `confirm`: a snapshot listed so few records that the user has to confirm it. */
  phase: 'listing' | 'confirm' | 'changes'
  /** The next page of the snapshot; null for its first page. */
  pageToken: string | null
  /** The cursor of the change feed; during a snapshot, the cursor from before the snapshot began. */
  cursor: string | null
  /** Counts the snapshots, from 1. */
  listingEpoch: number
  /** Records of this stream in the file; `verify` counts them again. */
  records: number
  listed: number
  total: number | null
  /** Records that the service listed before this snapshot began. */
  knownBefore: number
  lastSuccessAt: number | null
  /** By how much the change feed sent a ledger row later than a reading that should have shown it, at most; milliseconds. */
  lateness: number
}

/** The source of a page: a snapshot or the change feed, with the listing epoch of its stream. */
export interface Delivery {
  listingEpoch: number
  listing: boolean
}

/** What a finished snapshot did not list although it listed older records. */
export interface Unlisted {
  updated: number
  cases: readonly number[]
  /** The amounts of refunds without ids among them. */
  unnamedRefunds: readonly number[]
}

/** Whether a snapshot of any stream is being read or was interrupted. */
export const isListing = (database: Readable): boolean =>
  scalar<[], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM sync_streams WHERE phase = 'listing' AND stream <> 'account')`,
  ).get() === 1

const positionColumns = `phase, page_token AS pageToken, cursor, listing_epoch AS listingEpoch, records, listed, total,
  known_before AS knownBefore, last_success_at AS lastSuccessAt, lateness`

/** SQL of the rows of each record stream, in all accounts, and the condition that the service still lists a row. */
export const recordsOf: Record<RecordStream, { rows: string; listed: string }> = {
  'jobs:agent-1': { rows: `jobs WHERE agent = 'agent-1' AND ${isFromService}`, listed: 'removed_at IS NULL' },
  'jobs:agent-2': { rows: `jobs WHERE agent = 'agent-2' AND ${isFromService}`, listed: 'removed_at IS NULL' },
  credits: { rows: `credit_transactions WHERE ${isFromService}`, listed: 'retracted_at IS NULL' },
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
  lateness: 0,
}

export const readPosition = (database: Readable, accountId: number, stream: Stream): StreamPosition =>
  statement<[number, Stream], StreamPosition>(
    database,
    `SELECT ${positionColumns} FROM sync_streams WHERE account_id = ? AND stream = ?`,
  ).get(accountId, stream) ?? start

/** Stores the position, and the error of the last try if there is one. */
export function savePosition(
  database: Writable,
  accountId: number,
  stream: Stream,
  position: StreamPosition,
  error: ErrorView | null = null,
): void {
  statement<[object]>(
    database,
    `INSERT INTO sync_streams (account_id, stream, phase, page_token, cursor, listing_epoch, records, listed, total,
       known_before, last_success_at, lateness, error)
     VALUES (@accountId, @stream, @phase, @pageToken, @cursor, @listingEpoch, @records, @listed, @total, @knownBefore,
       @lastSuccessAt, @lateness, @error)
     ON CONFLICT DO UPDATE SET phase = excluded.phase, page_token = excluded.page_token, cursor = excluded.cursor,
       listing_epoch = excluded.listing_epoch, records = excluded.records, listed = excluded.listed, total = excluded.total,
       known_before = excluded.known_before, last_success_at = excluded.last_success_at, lateness = excluded.lateness, error = excluded.error`,
  ).run({ ...position, accountId, stream, error: error && JSON.stringify(error) })
}

/** `Date` headers have whole seconds, so a time of reading may be ahead by this much, in milliseconds. */
const dateResolution = 999

/**
 * Forgets that streams were read in the future, after the clock was set back. A time within the resolution of `Date` becomes
 * `now` instead.
 */
export function forgetFutureReads(database: Writable, accountId: number, now: number): void {
  statement<[object]>(
    database,
    `UPDATE sync_streams SET last_success_at = iif(last_success_at <= @now + ${dateResolution}, @now, NULL)
     WHERE account_id = @accountId AND last_success_at > @now`,
  ).run({ accountId, now })
}

/** A time at which a stream was read; null if it is in the future, because the clock was set back since. */
export const pastOrNull = (time: number | null, now: number): number | null =>
  time !== null && time > now + dateResolution ? null : time

/** Stores the time of the oldest record that the service still lists; null if it lists every stored record. */
export function saveListedFrom(database: Writable, accountId: number, stream: Stream, time: number | null): void {
  statement<[object]>(
    database,
    'UPDATE sync_streams SET listed_from = @time WHERE account_id = @accountId AND stream = @stream',
  ).run({ time, accountId, stream })
}

/** The snapshots of each stream that no longer reached back as far as the stored records, oldest first. */
export function readShortenings(database: Readable, accountId: number): (stream: ProofStream) => readonly Shortening[] {
  const rows = statement<[number], { stream: ProofStream; shortenings: string }>(
    database,
    `SELECT stream, shortenings FROM sync_streams WHERE account_id = ? AND shortenings <> '[]'`,
  ).all(accountId)
  const byStream = new Map(rows.map((row) => [row.stream, parseStoredList<Shortening>(row.shortenings)]))
  return (stream) => byStream.get(stream) ?? []
}

export const saveShortenings = (
  database: Writable,
  accountId: number,
  stream: Stream,
  shortenings: readonly Shortening[],
): void => {
  statement<[object]>(
    database,
    'UPDATE sync_streams SET shortenings = @shortenings WHERE account_id = @accountId AND stream = @stream',
  ).run({ accountId, stream, shortenings: JSON.stringify(shortenings) })
}

/** The records of a stream that the snapshot `listingEpoch`, or a change feed after it, listed and did not retract. */
export function countInEpoch(
  database: Readable,
  accountId: number,
  stream: RecordStream,
  listingEpoch: number,
): number {
  const { rows, listed } = recordsOf[stream]
  const sql = `SELECT count(*) FROM ${rows} AND account_id = ? AND listing_epoch = ? AND ${listed}`
  return scalar<[number, number], number>(database, sql).get(accountId, listingEpoch) ?? 0
}

/** Stores each record that breaks the contract once, with the listing epoch in which it was sent last. */
export function quarantine(
  database: Writable,
  accountId: number,
  stream: Stream,
  records: readonly QuarantinedRecord[],
  listingEpoch: number,
  now: number,
): void {
  const insert = statement<[object]>(
    database,
    `INSERT INTO quarantined_records (account_id, stream, record, problem, raw, first_seen_at, listing_epoch)
     VALUES (@accountId, @stream, @record, @problem, @raw, @now, @listingEpoch)
     ON CONFLICT DO UPDATE SET problem = excluded.problem, raw = excluded.raw, listing_epoch = excluded.listing_epoch`,
  )
  for (const { id, problem, raw } of records) {
    insert.run({ accountId, stream, record: id ?? raw.slice(0, 200), problem, raw, listingEpoch, now })
  }
}

/** The quarantined records of a stream of which the time can be read. */
export const quarantinedTimes = (database: Readable, accountId: number, stream: RecordStream): UnreadableTime[] =>
  statement<[number, Stream], { raw: string; listingEpoch: number }>(
    database,
    'SELECT raw, listing_epoch AS listingEpoch FROM quarantined_records WHERE account_id = ? AND stream = ?',
  )
    .all(accountId, stream)
    .flatMap(({ raw, listingEpoch }) => {
      const at = statedTime(raw, stream)
      return at === null ? [] : [{ at, listingEpoch }]
    })

/** Removes quarantined records that came again in a valid form. Returns how many. */
export function clearQuarantine(database: Writable, accountId: number, stream: Stream, ids: readonly string[]): number {
  const any = scalar<[number, Stream], number>(
    database,
    'SELECT EXISTS (SELECT 1 FROM quarantined_records WHERE account_id = ? AND stream = ?)',
  ).get(accountId, stream)
  if (!any) return 0
  const remove = statement<[object]>(
    database,
    'DELETE FROM quarantined_records WHERE account_id = @accountId AND stream = @stream AND record = @id',
  )
  return ids.reduce((removed, id) => removed + remove.run({ accountId, stream, id }).changes, 0)
}

/** The stored state of every stream. Null for no account. */
export function streamStates(database: Readable, accountId: number | null): StreamState[] {
  return streams.map((stream) => {
    const row = statement<
      [number | null, Stream],
      StreamPosition & { listedFrom: number | null; historyEndsAt: number | null; error: string | null }
    >(
      database,
      `SELECT ${positionColumns}, listed_from AS listedFrom, history_ends_at AS historyEndsAt, error
       FROM sync_streams WHERE account_id = ? AND stream = ?`,
    ).get(accountId, stream)
    const { records, listed, total, lastSuccessAt } = row ?? start
    return {
      stream,
      phase: 'idle',
      records,
      listed,
      total,
      rate: null,
      remainingMs: null,
      lastSuccessAt,
      listedFrom: row?.listedFrom ?? null,
      historyEndsAt: row?.historyEndsAt ?? null,
      error: row?.error ? parseStoredRecord<ErrorView>(row.error, 'code', 'params') : null,
      retryAt: null,
      quarantined:
        scalar<[number | null, Stream], number>(
          database,
          'SELECT count(*) FROM quarantined_records WHERE account_id = ? AND stream = ?',
        ).get(accountId, stream) ?? 0,
    }
  })
}
