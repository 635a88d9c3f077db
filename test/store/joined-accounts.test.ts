import { expect, test } from 'vitest'
import { deleteAccounts } from '../../src/core/deletion/deletion.ts'
import {
  accountOf,
  createImportedAccount,
  findAccount,
  listAccounts,
  saveAccount,
} from '../../src/core/store/accounts/accounts.ts'
import { joinAccount, joinedTo } from '../../src/core/store/accounts/joined-accounts.ts'
import { separateAccount } from '../../src/core/store/accounts/separated-accounts.ts'
import { findCase } from '../../src/core/store/cases/case-queries.ts'
import { listMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import { restoreKnowledge, writeBackup } from '../../src/core/store/file/backup.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { listBatches } from '../../src/core/store/imports/imports.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { makeAccount, midnight } from '../support/records.ts'

let database: Writable
let dataDir: string
withNewStores(midnight, (opened, path) => {
  database = opened
  dataDir = path
})

const signIn = (id = 'account-1', isSample = false) =>
  accountOf(database, saveAccount(database, makeAccount({ id }), midnight, isSample).accountId)
const bringIn = (prompt = 'a cat') => {
  const accountId = createImportedAccount(database, midnight)
  addTable(database, accountId, makeTable([makeImported({ occurredAt: midnight, memo: prompt })]), midnight)
  return accountOf(database, accountId)
}
const join = (from = bringIn(), into = signIn()) => {
  joinAccount(database, from, into, midnight)
  return { from, into }
}

test('a joined account is listed no more, and the account to which it is joined is shown', () => {
  const { from, into } = join()
  expect(listAccounts(database).map(({ id }) => id)).toEqual(['account-1'])
  expect(joinedTo(database, into.accountId)).toMatchObject([{ id: 'my-history' }])
  separateAccount(database, from.accountId, midnight)
  expect(listAccounts(database).map(({ id }) => id)).toEqual(['account-1', 'my-history'])
  expect(joinedTo(database, into.accountId)).toEqual([])
})

test('only imports are joined, only to an own account of a service, and only what was joined is separated', () => {
  const own = signIn('own')
  const sample = signIn('sample', true)
  const imported = bringIn()
  for (const [from, into] of [
    [own, imported],
    [imported, imported],
    [imported, sample],
  ] as const) {
    expect(() => joinAccount(database, from, into, midnight)).toThrow('account_not_joinable')
  }
  expect(() => separateAccount(database, imported.accountId, midnight)).toThrow('account_not_joined')
})

test('a join that fails on the way leaves everything as it was', () => {
  const from = bringIn()
  const into = signIn()
  database.exec(
    `CREATE TEMP TRIGGER stops BEFORE UPDATE OF active_at ON accounts BEGIN SELECT RAISE(ABORT, 'stopped'); END`,
  )
  expect(() => join(from, into)).toThrow('stopped')
  expect(listBatches(database, from.accountId)).toHaveLength(1)
  expect(joinedTo(database, into.accountId)).toEqual([])
  database.exec('DROP TRIGGER stops')
  join(from, into)
  database.exec(
    `CREATE TEMP TRIGGER stops BEFORE UPDATE OF joined_to ON accounts BEGIN SELECT RAISE(ABORT, 'stopped'); END`,
  )
  expect(() => separateAccount(database, from.accountId, midnight)).toThrow('stopped')
  expect(listBatches(database, into.accountId)).toHaveLength(1)
})

test('an account is deleted with those that are joined to it, and one of imports beside another of them', () => {
  const { into } = join(bringIn('달빛유리고래'))
  bringIn('비 오는 골목')
  const deletion = { dataDir, keepsBackups: false, now: midnight }
  deleteAccounts(database, [into], deletion)
  expect(database.prepare('SELECT id FROM accounts').pluck().all()).toEqual(['my-history-2'])
  bringIn('바다')
  deleteAccounts(database, [findAccount(database, 'my-history-2')], deletion)
  expect(database.prepare('SELECT count(*) FROM import_batches').pluck().get()).toBe(1)
})

test('a backup from before brings its marks back into the account on screen', async () => {
  const from = bringIn()
  const [caseName] = database.prepare(`SELECT 'charge:' || id FROM credit_transactions`).pluck().all() as [string]
  const { caseId } = findCase(database, from.accountId, caseName)
  const marks = { favorite: true, unwanted: false, note: null, dismissedAt: null }
  saveMarks(database, from.accountId, { caseId, caseName }, marks, midnight)
  const path = `${dataDir}/before.db`
  await writeBackup(database, path)
  const { into } = join(from)
  database.prepare('DELETE FROM marks').run()
  restoreKnowledge(database, path, midnight)
  expect(listMarks(database, into.accountId)).toMatchObject([{ case: caseName, favorite: true }])
})
