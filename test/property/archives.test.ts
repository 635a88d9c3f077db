/** Archives of any history give the same bytes again after they were imported into an empty folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { importArchive } from '../../src/core/archive/import-archive.ts'
import { exportArchive } from '../../src/core/archive/write-archive.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { rebuildAll } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { agent1, agent2, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, midnight, minute } from '../support/records.ts'
import { histories, latest } from './random-histories.ts'

const folder = temporaryFolder()
afterAll(folder.remove)
const end = midnight + 100 * minute
let runs = 0

test('an archive gives the same bytes after any histories went through it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(histories, { minLength: 1, maxLength: 3 }), async (accounts) => {
      const [first, second] = [join(folder.path, `${++runs}`), join(folder.path, `${runs}-again`)]
      const store = openStore(first)
      for (const [index, history] of accounts.entries()) {
        const account = makeAccount({ id: `account-${index}` })
        const { accountId } = saveAccount(store.writer, account, midnight + index)
        const jobs = history.jobs.map(latest)
        for (const stream of [agent1, agent2]) {
          const own = jobs.filter(({ agent }) => stream.stream === `jobs:${agent}`)
          applyListingPage(store.writer, accountId, stream, listingPage<{ id: string }>(own), end)
        }
        applyListingPage(store.writer, accountId, credits, listingPage<{ id: string }>(history.transactions), end)
      }
      store.close()
      await exportArchive({ dataDir: first, path: `${first}.zip` })
      const other = openStore(second)
      await importArchive(other.writer, { dataDir: second, path: `${first}.zip`, now: end })
      rebuildAll(other.writer, end)
      expect(verifyStore(other.reader, end).filter(({ broken }) => broken > 0)).toEqual([])
      other.close()
      await exportArchive({ dataDir: second, path: `${second}.zip` })
      expect(readFileSync(`${second}.zip`).equals(readFileSync(`${first}.zip`))).toBe(true)
    }),
    { numRuns: 25 },
  )
})
