import type { ErrorView } from '../../shared/errors.ts'
import { correctZones } from '../import/stored-table.ts'
import type { ChangePage, Listing } from '../service/service.ts'
import { adoptImports } from '../store/accounts/adopted-imports.ts'
import { caseContext } from '../store/cases/cases.ts'
import { balanceCases, unprovenCases, updateReach } from '../store/cases/cases-by-status.ts'
import { noteDecisionTime } from '../store/cases/due-cases.ts'
import { refundedUncharged } from '../store/cases/possible-links.ts'
import { closeAnsweredSupportCases } from '../store/cases/support.ts'
import { unnamedRefundAmounts } from '../store/cases/unnamed-refunds.ts'
import { type Changes, noChanges } from '../store/changes.ts'
import type { Writable } from '../store/handles.ts'
import { enqueueChangedOriginals } from '../store/jobs/originals.ts'
import { saveCheckedBalance } from '../store/ledger/balance-jumps.ts'
import { applyChanges } from '../store/projections/projection.ts'
import {
  clearQuarantine,
  countInEpoch,
  type Delivery,
  quarantine,
  readPosition,
  type StreamPosition,
  savePosition,
} from '../store/streams.ts'
import { completeListing, noteShortening } from './snapshots.ts'
import type { Applied, Source } from './sources.ts'

/** The changes of a page. */
export interface PageReport {
  position: StreamPosition
  added: number
  updated: number
  /** Known records that this snapshot had not listed before. */
  listed: number
  quarantined: number
  cases: number
  /** Why the stream stops after this page; null if it continues. */
  error: ErrorView | null
}

/** A page of a snapshot or of a change feed, with its stream. */
export interface ReceivedPage {
  source: Source
  page: Listing<{ id: string }> | ChangePage<{ id: string }>
}

/**
 * Stores pages with their cases and positions in one transaction. Pages of one stream come in their order. Returns a report for each
 * page; the last one has the number of changed cases.
 */
export function applyPages(
  database: Writable,
  accountId: number,
  pages: readonly ReceivedPage[],
  now: number,
): PageReport[] {
  const apply = database.transaction((): PageReport[] => {
    // The answers of the service may have set the clock back since the last page.
    noteDecisionTime(database, accountId, now)
    const changes = noChanges()
    const applied = storeRecords(database, accountId, pages, now, changes)
    const reports = pages.map((received) =>
      storePage(database, accountId, received, applied.get(received) as Applied, now, changes),
    )
    const cases = applyChanges(database, caseContext(database, accountId, now), changes)
    correctZones(database, accountId, new Set([...changes.ledgerDays, ...changes.importedDays]), now)
    enqueueChangedOriginals(database, accountId, changes)
    if (cases > 0) closeAnsweredSupportCases(database, accountId, now)
    return reports.map((report, index) => (index === reports.length - 1 ? { ...report, cases } : report))
  })
  return apply.immediate()
}

/** The position after a page; the last page of a change feed updates the time up to which the stream is complete. */
function positionAfter(before: StreamPosition, page: ReceivedPage['page'], now: number): StreamPosition {
  if (isOfChanges(page)) {
    const lastSuccessAt = page.hasMore ? before.lastSuccessAt : laterOf(before.lastSuccessAt, page.requestedAt, now)
    return { ...before, cursor: page.nextCursor, lastSuccessAt }
  }
  return {
    ...before,
    pageToken: page.nextPage,
    cursor: page.changesCursor ?? before.cursor,
    listed: before.listed + page.items.length + page.quarantined.length,
    total: page.total ?? before.total,
  }
}

export const isOfChanges = (page: ReceivedPage['page']): page is ChangePage<{ id: string }> => 'hasMore' in page

/** The later time of reading, but not later than `now`: the clock may have been set back since. */
function laterOf(before: number | null, requestedAt: number, now: number): number {
  const readAt = Math.min(requestedAt, now)
  return before !== null && before <= now ? Math.max(before, readAt) : readAt
}

/**
 * Stores the records of pages: jobs before the charges that name them, and oldest first, because ascending row ids fill the pages
 * of the file.
 */
function storeRecords(
  database: Writable,
  accountId: number,
  pages: readonly ReceivedPage[],
  now: number,
  changes: Changes,
): Map<ReceivedPage, Applied> {
  const streams = [...Map.groupBy(pages, ({ source }) => source.stream)]
  const jobsFirst = streams.toSorted(([a], [b]) => Number(a === 'credits') - Number(b === 'credits'))
  const applied = new Map<ReceivedPage, Applied>()
  for (const [stream, some] of jobsFirst) {
    const delivery = deliveryOf(readPosition(database, accountId, stream))
    for (const received of delivery.listing && !hasRepeats(some) ? some.toReversed() : some) {
      const { source, page } = received
      const items = delivery.listing ? page.items.toReversed() : page.items
      applied.set(received, source.apply(database, accountId, items, delivery, now, changes))
    }
  }
  return applied
}

/** Whether a record is in several pages. They are then stored in their order, so that the first page counts. */
function hasRepeats(pages: readonly ReceivedPage[]): boolean {
  const ids = pages.map(({ page }) => new Set(page.items.map(({ id }) => id)))
  return new Set(ids.flatMap((some) => [...some])).size < ids.reduce((sum, { size }) => sum + size, 0)
}

const deliveryOf = ({ listingEpoch, phase }: StreamPosition): Delivery => ({
  listingEpoch,
  listing: phase === 'listing',
})

/** Stores the position of a page after its records, and adds what changed to `changes`. */
function storePage(
  database: Writable,
  accountId: number,
  { source, page }: ReceivedPage,
  applied: Applied,
  now: number,
  changes: Changes,
): PageReport {
  const { stream } = source
  const before = readPosition(database, accountId, stream)
  const delivery = deliveryOf(before)
  const quarantined = [...page.quarantined, ...applied.quarantined]
  const cleared = clearQuarantine(
    database,
    accountId,
    stream,
    page.items.map((item) => item.id),
  )
  quarantine(database, accountId, stream, quarantined, delivery.listingEpoch, now)
  if (cleared + quarantined.length > 0) addBalanceCases(database, accountId, changes)
  if (delivery.listing) {
    // A quarantined record is still listed by the service.
    for (const { id } of page.quarantined) if (id !== null) source.keepListed(database, accountId, id, delivery)
  }
  const late = delivery.listing ? 0 : (before.lastSuccessAt ?? 0) - applied.oldestAdded
  const lateness = Math.max(before.lateness, late)
  let position: StreamPosition = {
    ...positionAfter(before, page, now),
    records: before.records + applied.added,
    lateness,
  }
  let error: ErrorView | null = null
  let { updated } = applied
  if (before.phase === 'listing' && position.pageToken === null) {
    // A first snapshot has nothing to compare with, and counting a million records takes seconds.
    const isFirst = position.knownBefore === 0
    const seen = isFirst ? 0 : countInEpoch(database, accountId, stream, position.listingEpoch)
    if (seen * 2 < position.knownBefore) {
      position = { ...position, phase: 'confirm' }
      error = { code: 'listing_shrunk', params: { seen, known: position.knownBefore } }
      noteShortening(database, accountId, source, position, now, changes)
    } else {
      updated += completeListing(database, accountId, source, position, now, changes)
      position = { ...position, phase: 'changes' }
    }
  }
  savePosition(database, accountId, stream, position, error)
  // The account is read before the streams: its balance is older than the end of a stream.
  const isLast = isOfChanges(page) && !page.hasMore
  if (stream === 'credits' && isLast) saveCheckedBalance(database, accountId)
  const isWhole = position.phase !== before.phase || isLast
  if (stream === 'credits' && (applied.added + updated > 0 || isWhole)) updateReach(database, accountId, changes.cases)
  const proven = position.lastSuccessAt !== before.lastSuccessAt
  if (proven) for (const caseId of unprovenCases(database, accountId)) changes.cases.add(caseId)
  if (proven && stream === 'credits' && before.lastSuccessAt === null) {
    adoptImports(database, accountId, now, changes)
    for (const caseId of refundedUncharged(database, accountId)) changes.cases.add(caseId)
    for (const amount of unnamedRefundAmounts(database, accountId)) changes.unnamedRefunds.add(amount)
  }
  const { added, listed } = applied
  return { position, added, updated, listed, quarantined: quarantined.length, cases: 0, error }
}

function addBalanceCases(database: Writable, accountId: number, { cases }: Changes): void {
  for (const caseId of balanceCases(database, accountId)) cases.add(caseId)
}
