import { describe, expect, test } from 'vitest'
import { scopeInView, scopeOfAll, showAllAccounts } from '../../src/core/store/accounts/account-scope.ts'
import {
  activeAccount,
  createImportedAccount,
  findAccount,
  saveAccount,
  setSyncPaused,
  showAccount,
  syncedAccount,
} from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { makeAccount, midnight, minute } from '../support/records.ts'

let database: Writable
withNewStores(midnight, (opened) => {
  database = opened
})

/** The time of each call is a minute later. */
let now = midnight
const later = () => {
  now += minute
  return now
}
const sync = (id: string, isSample = false, signInMethod = 'google') =>
  saveAccount(database, makeAccount({ id, signInMethod }), later(), isSample).accountId
const bringIn = () => {
  const accountId = createImportedAccount(database, later())
  addTable(database, accountId, makeTable([makeImported({ occurredAt: midnight })]), later())
  return accountId
}
const idsOf = ({ accounts }: ReturnType<typeof scopeOfAll>) => accounts.map(({ id }) => id)

describe('the account that is synced and the one that is shown', () => {
  test('are the one that signed in last', () => {
    sync('first')
    sync('second')
    expect(activeAccount(database)?.id).toBe('second')
    expect(syncedAccount(database)?.id).toBe('second')
  })

  test('stay apart when another one is shown, also while the first is synced again', () => {
    const first = sync('first')
    sync('second')
    showAccount(database, first, later())
    for (let round = 0; round < 3; round++) {
      expect(activeAccount(database)?.id).toBe('first')
      expect(syncedAccount(database)?.id).toBe('second')
      sync('second')
    }
  })

  test('are paused and resumed by the account that is synced', () => {
    const first = sync('first')
    sync('second')
    showAccount(database, first, later())
    setSyncPaused(database, true)
    expect(findAccount(database, 'first').syncPaused).toBe(0)
    expect(findAccount(database, 'second').syncPaused).toBe(1)
  })

  test('change together when another one signs in, even if the clock was set back', () => {
    sync('first')
    now -= 60 * minute
    sync('second')
    expect(activeAccount(database)?.id).toBe('second')
    expect(syncedAccount(database)?.id).toBe('second')
  })
})

describe('the scope of all accounts', () => {
  test('has the service accounts and the imported ones, but not the sample', () => {
    sync('sample', true)
    sync('own')
    bringIn()
    expect(idsOf(scopeOfAll(database)).sort()).toEqual(['my-history', 'own'])
  })

  test('is the sample if there is nothing else', () => {
    sync('sample', true)
    expect(idsOf(scopeOfAll(database))).toEqual(['sample'])
  })

  test('is on screen until an account is chosen, and survives a sync', () => {
    sync('own')
    bringIn()
    showAllAccounts(database, later())
    sync('own')
    expect(scopeInView(database).accounts).toHaveLength(2)
    showAccount(database, findAccount(database, 'own').accountId, later())
    expect(idsOf(scopeInView(database))).toEqual(['own'])
  })

  test('is an account of the user for a command about one account, not the sample', () => {
    sync('own')
    bringIn()
    sync('sample', true)
    showAllAccounts(database, later())
    expect(scopeInView(database).accounts).toHaveLength(2)
    expect(activeAccount(database)?.isSample).toBe(0)
  })

  test('is not on screen for a single own account', () => {
    sync('own')
    sync('sample', true)
    showAllAccounts(database, later())
    expect(scopeInView(database).nameOf(findAccount(database, 'own').accountId)).toBeNull()
  })

  test('names accounts with one id by their sign-in methods, and finds them by these names', () => {
    const google = sync('same')
    const kakao = sync('same', false, 'kakao')
    const { nameOf } = scopeOfAll(database)
    expect([nameOf(google), nameOf(kakao)]).toEqual(['same/google', 'same/kakao'])
    expect(findAccount(database, 'same/google').accountId).toBe(google)
    expect(findAccount(database, 'same/kakao').accountId).toBe(kakao)
    expect(() => findAccount(database, 'other')).toThrow('account_unknown')
  })
})
