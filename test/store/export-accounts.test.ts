/** Exports of several accounts: every record names its account, and an import does not mix them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from 'hucre/csv'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportTo, type RecordFormat } from '../../src/core/export/export.ts'
import { label } from '../../src/core/host/messages.ts'
import { readTables } from '../../src/core/import/read/read.ts'
import { type AccountScope, scopeOf, scopeOfAll } from '../../src/core/store/accounts/account-scope.ts'
import { listAccounts, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight } from '../support/records.ts'

const folder = temporaryFolder()
/** Two sign-ins with the same id, whose jobs and charges have the same ids too. */
beforeAll(() => {
  const store = openStore(folder.path)
  for (const signInMethod of ['google', 'kakao'] as const) {
    const { accountId } = saveAccount(store.writer, makeAccount({ signInMethod }), midnight)
    applyListingPage(store.writer, accountId, agent1, listingPage([makeJob({ prompt: signInMethod })]), midnight)
    const charge = makeTransaction({ jobId: 'job-1', memo: `charge of ${signInMethod}` })
    applyListingPage(store.writer, accountId, credits, listingPage([charge]), midnight)
  }
  store.close()
})
afterAll(folder.remove)

async function exported(format: RecordFormat, of: 'all' | 'one'): Promise<Buffer> {
  const { reader, close } = openReader(folder.path)
  const scope: AccountScope = of === 'all' ? scopeOfAll(reader) : scopeOf(listAccounts(reader)[0] ?? null)
  close()
  const path = join(folder.path, `export.${format}`)
  await exportTo(folder.path, { format, path, scope, text: (name) => label(`export.${name}`, 'ko') })
  return readFileSync(path)
}
/** As they were added, whichever was shown last. */
const names = ['account-1/google', 'account-1/kakao']

test('begins each row of the CSV with its account, and has no such column for one account', async () => {
  const rowsOf = async (of: 'all' | 'one') =>
    parseCsv((await exported('csv', of)).toString(), { delimiter: ',' }) as string[][]
  const [headings, ...rows] = await rowsOf('all')
  expect(headings?.slice(0, 2)).toEqual(['account', 'transactionId'])
  expect(rows.map((row) => [row[0], row[headings?.indexOf('memo') ?? 0]])).toEqual([
    ['account-1/google', 'charge of google'],
    ['account-1/kakao', 'charge of kakao'],
  ])
  const [own, ...ofOne] = await rowsOf('one')
  expect([own, ofOne[0]]).toEqual([headings?.slice(1), rows[1]?.slice(1)])
})

test('begins each row of every sheet with its account', async () => {
  const { sheets } = await readXlsx(await exported('xlsx', 'all'))
  for (const { rows } of sheets) expect(rows[0]?.[0]).toBe('계정')
  for (const { rows } of sheets.slice(0, 3)) expect(rows.slice(1).map(([account]) => account)).toEqual(names)
})

test('lists the accounts in the JSON, and names the account of each record', async () => {
  const { accounts, account, ...lists } = JSON.parse((await exported('json', 'all')).toString())
  const { id, displayName } = makeAccount()
  expect(account).toBeNull()
  expect(accounts).toEqual([
    { account: names[0], id, signInMethod: 'google', displayName },
    { account: names[1], id, signInMethod: 'kakao', displayName },
  ])
  for (const type of ['jobs', 'credits', 'refunds']) {
    expect(lists[type].map((record: { account: string }) => record.account)).toEqual(names)
  }
  expect(JSON.parse((await exported('json', 'one')).toString())).toMatchObject({
    account: { id, signInMethod: 'kakao', displayName },
    jobs: [expect.not.objectContaining({ account: expect.anything() })],
  })
})

test.each(['csv', 'xlsx', 'json'] as const)(
  'is refused by an import as %s if it has several accounts',
  async (format) => {
    const refused = { ok: false, problem: { code: 'several_accounts' } }
    expect(await readTables({ bytes: await exported(format, 'all') })).toMatchObject(refused)
    expect(await readTables({ bytes: await exported(format, 'one') })).toMatchObject({ ok: true })
  },
)
