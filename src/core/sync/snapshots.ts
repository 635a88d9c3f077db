/** The begin and the end of snapshots: what they lack, and how far back they reached. */
import { afterSnapshot, type ListBeginning, withShortening, withUnreadable } from '../domain/shortenings.ts'
import { caseContext } from '../store/cases/cases.ts'
import { updateReach } from '../store/cases/cases-by-status.ts'
import { noteDecisionTime } from '../store/cases/due-cases.ts'
import { changeShortenings } from '../store/cases/shortenings.ts'
import { closeAnsweredSupportCases } from '../store/cases/support.ts'
import { type Changes, noChanges } from '../store/changes.ts'
import type { Writable } from '../store/handles.ts'
import { applyChanges } from '../store/projections/projection.ts'
import {
  countInEpoch,
  quarantinedTimes,
  readPosition,
  type StreamPosition,
  saveListedFrom,
  savePosition,
} from '../store/streams.ts'
import type { Source } from './sources.ts'

/**
 * Starts a snapshot with a new listing epoch after the cursor has expired. Stored records stay until it is complete.
 */
export function restartListing(database: Writable, accountId: number, source: Source): StreamPosition {
  const restart = database.transaction(() => {
    const before = readPosition(database, accountId, source.stream)
    const known = countInEpoch(database, accountId, source.stream, before.listingEpoch)
    // A snapshot that is incomplete, or waits for a confirmation, is no measure for the next one.
    const position: StreamPosition = {
      ...before,
      phase: 'listing',
      pageToken: null,
      cursor: null,
      listingEpoch: before.listingEpoch + 1,
      listed: 0,
      total: null,
      knownBefore: Math.max(known, before.phase === 'changes' ? 0 : before.knownBefore),
    }
    savePosition(database, accountId, source.stream, position)
    return position
  })
  return restart.immediate()
}

/** Accepts a much shorter snapshot and marks the records that it lacks. Null if no snapshot waits for a confirmation. */
export function acceptListing(
  database: Writable,
  accountId: number,
  source: Source,
  now: number,
): { updated: number; cases: number } | null {
  const accept = database.transaction(() => {
    noteDecisionTime(database, accountId, now)
    const before = readPosition(database, accountId, source.stream)
    if (before.phase !== 'confirm') return null
    const changes = noChanges()
    const position: StreamPosition = { ...before, phase: 'changes' }
    const updated = completeListing(database, accountId, source, position, now, changes)
    savePosition(database, accountId, source.stream, position)
    if (source.stream === 'credits') updateReach(database, accountId, changes.cases)
    const cases = applyChanges(database, caseContext(database, accountId, now), changes)
    if (cases > 0) closeAnsweredSupportCases(database, accountId, now)
    return { updated, cases }
  })
  return accept.immediate()
}

/** Marks the records that a finished snapshot lacks. Returns their number; a first snapshot lacks none. */
export function completeListing(
  database: Writable,
  accountId: number,
  source: Source,
  position: StreamPosition,
  now: number,
  changes: Changes,
): number {
  if (position.listingEpoch === 1) return 0
  const unlisted = source.markUnlisted(database, accountId, position.listingEpoch, now)
  for (const caseId of unlisted.cases) changes.cases.add(caseId)
  for (const amount of unlisted.unnamedRefunds) changes.unnamedRefunds.add(amount)
  const { newestUnlisted, oldestListed } = noteShortening(database, accountId, source, position, now, changes)
  saveListedFrom(database, accountId, source.stream, newestUnlisted === null ? null : oldestListed)
  return unlisted.updated
}

/**
 * Remembers how far back a finished snapshot reached, also while it waits for a confirmation: a refund may have come and gone
 * unread. Then it only adds doubts.
 */
export function noteShortening(
  database: Writable,
  accountId: number,
  { stream, beginning }: Source,
  { phase, listingEpoch, lastSuccessAt, lateness }: StreamPosition,
  now: number,
  changes: Changes,
): ListBeginning {
  const unreadable = quarantinedTimes(database, accountId, stream)
  const found = withUnreadable(beginning(database, accountId, listingEpoch), unreadable, listingEpoch)
  const listedFrom = found.oldestListed ?? now
  // A row may have come since although it is older than the last reading.
  const readUntil = lastSuccessAt === null ? null : lastSuccessAt - lateness
  const snapshot = { ...found, listingEpoch, readUntil, listedFrom }
  const apply = phase === 'confirm' ? withShortening : afterSnapshot
  changeShortenings(database, accountId, stream, (known) => apply(known, snapshot), changes)
  return found
}
