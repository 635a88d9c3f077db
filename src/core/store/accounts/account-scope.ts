/** The accounts whose records a view or a command shows together: one, or all of the user's own. */
import type { NotifiedAccount } from '../../../shared/notifications.ts'
import type { Readable, Writable } from '../handles.ts'
import type { AccountRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { activeAccount, listAccounts, nameOfAccount, showAccount } from './accounts.ts'

export interface AccountScope {
  /** In the order in which they were last shown, newest first. */
  accounts: readonly AccountRow[]
  /** The row ids of the accounts. */
  ids: readonly number[]
  /** The name of the account of a record; null in a scope of one account, where no name is needed. */
  nameOf: NameOfAccount
}

export type NameOfAccount = (accountId: number) => string | null

/** One account, or none before the first. */
export function scopeOf(account: AccountRow | null): AccountScope {
  const accounts = account ? [account] : []
  return { accounts, ids: accounts.map(({ accountId }) => accountId), nameOf: () => null }
}

/** All accounts of the user. The sample account is one of them only if there is no other. */
export function scopeOfAll(database: Readable): AccountScope {
  const listed = listAccounts(database)
  const own = listed.filter(({ isSample }) => isSample === 0)
  const accounts = own.length > 0 ? own : listed
  const names = new Map(accounts.map((account) => [account.accountId, nameOfAccount(account, listed)]))
  return { accounts, ids: [...names.keys()], nameOf: (accountId) => names.get(accountId) ?? null }
}

/**
 * The accounts that may send notifications: all of the user's own, and the sample account while it is shown. `named` is null
 * if there is only one.
 */
export function notifyingAccounts(database: Readable): { account: AccountRow; named: NotifiedAccount | null }[] {
  const all = listAccounts(database)
  // The shown account is first.
  const notifying = all.filter(({ isSample }, index) => isSample === 0 || index === 0)
  return notifying.map((account) => {
    const { displayName, signInMethod } = account
    return {
      account,
      named: notifying.length > 1 ? { id: nameOfAccount(account, all), displayName, signInMethod } : null,
    }
  })
}

/** The accounts that the screens show: all if the user chose so and there are several, else the active one. */
export function scopeInView(database: Readable): AccountScope {
  const wantsAll = scalar<[], number>(database, 'SELECT shows_all FROM account_view').get() === 1
  const all = wantsAll ? scopeOfAll(database) : null
  return all !== null && all.accounts.length > 1 ? all : scopeOf(activeAccount(database))
}

/** Lets the screens show all accounts. Screens about a single account then show the first of them. */
export function showAllAccounts(database: Writable, now: number): void {
  const show = database.transaction(() => {
    const [first] = scopeOfAll(database).accounts
    if (first) showAccount(database, first.accountId, now)
    statement(database, 'UPDATE account_view SET shows_all = 1').run()
  })
  show.immediate()
}
