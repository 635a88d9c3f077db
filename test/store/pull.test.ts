import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Service } from '../../src/core/service/service.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { pullStream } from '../../src/core/sync/pull.ts'
import { createRounds } from '../../src/core/sync/rounds.ts'
import { type Source, sources } from '../../src/core/sync/sources.ts'
import { temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { changesPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, midnight } from '../support/records.ts'

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let database: Writable
/** Requests and stored pages in the order in which they happened. */
let steps: string[]

beforeEach(() => {
  folder = temporaryFolder()
  store = openStore(folder.path)
  database = store.writer as Writable
  steps = []
})
afterEach(() => {
  store.close()
  folder.remove()
})

const countJobs = () => database.prepare('SELECT count(*) FROM jobs').pluck().get()

/** Pulls a stream of one job a page: three pages of a listing, then two of changes. */
async function pull(service: Partial<Service> = {}): Promise<void> {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const [source] = sources({
    async jobListing(_, page) {
      steps.push(`ask for listing ${page}`)
      const number = Number(page ?? 1)
      const next = number < 3 ? String(number + 1) : null
      return listingPage([makeJob({ id: `listed-${number}` })], { nextPage: next, changesCursor: 'a' })
    },
    async jobChanges(_, cursor) {
      steps.push(`ask for changes ${cursor}`)
      return changesPage([makeJob({ id: `changed-${cursor}` })], { nextCursor: 'b', hasMore: cursor === 'a' })
    },
    ...service,
  } as Service) as [Source]
  // No time passes: no page is late.
  const clock = { ...testClock(midnight), sleep: () => new Promise<void>(() => {}) }
  const context = { database, clock, signal: AbortSignal.timeout(60_000) }
  await pullStream(
    {
      ...context,
      random: () => 0.5,
      patience: testPatience,
      rounds: { snapshots: createRounds({ ...context, accountId }), changes: createRounds({ ...context, accountId }) },
      onRetry: () => {},
      onPage: () => steps.push(`${countJobs()} stored`),
    },
    accountId,
    source,
  )
}

test('requests only the next page while the pages before it are stored', async () => {
  await pull()
  expect(steps).toEqual([
    'ask for listing null',
    'ask for listing 2',
    '1 stored',
    'ask for listing 3',
    '3 stored',
    '3 stored',
    'ask for changes a',
    'ask for changes b',
    '5 stored',
    '5 stored',
  ])
})

test('reports the failure of an early request only after the page before it is stored', async () => {
  const pulled = pull({
    async jobListing(_, page) {
      if (page === '2') throw new Error('no second page')
      return listingPage([makeJob({ id: 'listed-1' })], { nextPage: '2', changesCursor: 'a' })
    },
  })
  await expect(pulled).rejects.toThrow('no second page')
  expect(steps).toEqual(['1 stored'])
})
