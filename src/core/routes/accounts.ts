/** The accounts of the data folder: to list, show, join and separate them, and what their deletion removes. */
import { deletionPlan } from '../deletion/deletion.ts'
import { correctZones } from '../import/stored-table.ts'
import { showAllAccounts } from '../store/accounts/account-scope.ts'
import {
  findAccount,
  findJoinedAccount,
  isImported,
  listAccounts,
  nameOfAccount,
  showAccount,
  syncedAccount,
} from '../store/accounts/accounts.ts'
import { countSameRows, daysOfImports } from '../store/accounts/adopted-imports.ts'
import { countMoved, joinAccount, joinedTo } from '../store/accounts/joined-accounts.ts'
import { separateAccount } from '../store/accounts/separated-accounts.ts'
import { statedBalance } from '../store/ledger/ledger-queries.ts'
import type { Handler } from './context.ts'
import { publishChange } from './imports.ts'

export const accountsList: Handler<'accounts.list'> = ({ database, scope }) => {
  const shown = new Set(scope().ids)
  const all = listAccounts(database)
  const synced = syncedAccount(database)?.accountId
  return all.map((account) => ({
    id: nameOfAccount(account, all),
    displayName: account.displayName,
    signInMethod: account.signInMethod,
    isImported: isImported(account),
    isSample: account.isSample === 1,
    isShown: shown.has(account.accountId),
    isSynced: account.accountId === synced,
    joined: joinedTo(database, account.accountId).map(({ id, displayName }) => ({ id, displayName })),
    ...statedBalance(database, account),
  }))
}

export const accountsDeletionPlan: Handler<'accounts.deletionPlan'> = ({ database, info }, { id }) =>
  deletionPlan(database, findAccount(database, id), info.dataDir)

export const accountsShow: Handler<'accounts.show'> = (context, { id }) => {
  const { database, clock } = context
  if (id === null) showAllAccounts(database, clock.now())
  else showAccount(database, findAccount(database, id).accountId, clock.now())
  publishChange(context)
  return null
}

export const accountsJoinPlan: Handler<'accounts.joinPlan'> = ({ database }, { id, into }) => {
  const from = findAccount(database, id)
  const target = findAccount(database, into)
  const days = daysOfImports(database, from.accountId)
  const { same } = countSameRows(database, target.accountId, from.accountId, days)
  return { ...countMoved(database, from.accountId), known: same }
}

export const accountsSeparationPlan: Handler<'accounts.separationPlan'> = ({ database }, { id }) =>
  countMoved(database, findJoinedAccount(database, id).accountId, 'home_account_id')

export const accountsJoin: Handler<'accounts.join'> = (context, { id, into }) => {
  const { database, clock } = context
  const from = findAccount(database, id)
  const target = findAccount(database, into)
  const join = database.transaction(() => {
    const days = new Set(daysOfImports(database, from.accountId))
    joinAccount(database, from, target, clock.now())
    correctZones(database, target.accountId, days, clock.now())
  })
  join.immediate()
  publishChange(context)
  return null
}

export const accountsSeparate: Handler<'accounts.separate'> = (context, { id }) => {
  const { database, clock } = context
  separateAccount(database, findJoinedAccount(database, id).accountId, clock.now())
  publishChange(context)
  return null
}
