import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportTo } from '../../src/core/export/export.ts'
import { label } from '../../src/core/host/messages.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

/** More than two pages of each kind of record. */
const jobCount = 1_200
const end = midnight + 2 * jobCount * minute
const folder = temporaryFolder()
let store: Store
let accountId: number

/** Stores jobs with one charge each, as a page of each listing does. */
function sync(first: number, count: number): void {
  const numbers = Array.from({ length: count }, (_, index) => first + index)
  const jobs = numbers.map((number) =>
    makeJob({ id: `job-${number}`, status: 'failed', createdAt: midnight + number * minute }),
  )
  const charges = numbers.map((number) =>
    makeTransaction({
      id: `charge-${number}`,
      jobId: `job-${number}`,
      agent: 'agent-1',
      occurredAt: midnight + number * minute,
    }),
  )
  applyListingPage(store.writer, accountId, agent1, listingPage<{ id: string }>(jobs), end)
  applyListingPage(store.writer, accountId, credits, listingPage<{ id: string }>(charges), end)
}

async function exported(name: string, format: 'json' | 'csv', meanwhile?: () => Promise<void>): Promise<string> {
  const path = join(folder.path, name)
  let finished = false
  const exporting = exportTo(folder.path, { format, path, text: (name) => label(`export.${name}`, 'en') }).then(() => {
    finished = true
  })
  await meanwhile?.()
  expect(finished).toBe(false)
  await exporting
  return readFileSync(path, 'utf8')
}

beforeAll(() => {
  store = openStore(folder.path)
  accountId = saveAccount(store.writer, makeAccount(), midnight).accountId
  sync(0, jobCount)
})
afterAll(() => {
  store.close()
  folder.remove()
})

test.each(['json', 'csv'] as const)(
  'writes a single snapshot to a %s file while a sync stores records between its pages',
  async (format) => {
    const before = await exported(`before.${format}`, format)
    const first = format === 'json' ? jobCount : 2 * jobCount
    const during = await exported(`during.${format}`, format, async () => {
      await nextTurn()
      sync(first, 3)
    })
    expect(during).toBe(before)
    const after = await exported(`after.${format}`, format)
    expect(before).not.toContain(`charge-${first}`)
    expect(after).toContain(`charge-${first}`)
  },
)
