/** Pages of a sync, and the streams that they belong to. */
import type { ChangePage, Listing, Service } from '../../src/core/service/service.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { applyPages, type PageReport } from '../../src/core/sync/pages.ts'
import { type Source, sources } from '../../src/core/sync/sources.ts'
import type { RecordStream } from '../../src/shared/values.ts'
import { midnight } from './records.ts'

const allSources = sources({} as Service)
/** The source of a stream. No service is behind it. */
export const sourceOf = (stream: RecordStream): Source =>
  allSources.find((candidate) => candidate.stream === stream) as Source
export const agent1 = sourceOf('jobs:agent-1')
export const agent2 = sourceOf('jobs:agent-2')
export const credits = sourceOf('credits')

/** A page of a listing: the last page unless `nextPage` is given. */
export const listingPage = <Item>(items: Item[], partial: Partial<Listing<Item>> = {}): Listing<Item> => ({
  items,
  quarantined: [],
  nextPage: null,
  changesCursor: 'start',
  total: null,
  requestedAt: midnight,
  ...partial,
})

/** A page of changes: the last page unless `hasMore` is given. */
export const changesPage = <Item>(items: Item[], partial: Partial<ChangePage<Item>> = {}): ChangePage<Item> => ({
  items,
  quarantined: [],
  nextCursor: 'next',
  hasMore: false,
  requestedAt: midnight,
  ...partial,
})

/** Stores one page of a snapshot. */
export const applyListingPage = (
  database: Writable,
  accountId: number,
  source: Source,
  page: Listing<{ id: string }>,
  now: number,
): PageReport => applyPages(database, accountId, [{ source, page }], now)[0] as PageReport

/** Stores one page of a change feed. */
export const applyChangesPage = (
  database: Writable,
  accountId: number,
  source: Source,
  page: ChangePage<{ id: string }>,
  now: number,
): PageReport => applyPages(database, accountId, [{ source, page }], now)[0] as PageReport
