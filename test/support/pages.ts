/** Pages of a sync, and the streams that they belong to. */
import type { Changes, Listing, Service } from '../../src/core/service/service.ts'
import { type Source, sources } from '../../src/core/sync/sources.ts'
import { midnight } from './records.ts'

/** The jobs of each agent, and the credits. No service is behind them. */
export const [agent1, agent2, credits] = sources({} as Service) as [Source, Source, Source]

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
export const changesPage = <Item>(items: Item[], partial: Partial<Changes<Item>> = {}): Changes<Item> => ({
  items,
  quarantined: [],
  nextCursor: 'next',
  hasMore: false,
  requestedAt: midnight,
  ...partial,
})
