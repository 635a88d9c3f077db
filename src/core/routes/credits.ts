import { AppError } from '../../shared/errors.ts'
import { transactionKinds } from '../../shared/values.ts'
import { lastDays } from '../domain/days.ts'
import { activeAccount } from '../store/accounts.ts'
import { findIrregularities, reconcile } from '../store/findings.ts'
import { countTransactions, dailyTotals, listLedger } from '../store/ledger-queries.ts'
import { type Handler, readKey, writeKey } from './context.ts'

export const creditsList: Handler<'credits.list'> = ({ database }, { before, limit, ...filter }) => {
  const account = activeAccount(database)
  if (!account) return { items: [], next: null }
  const { items, next } = listLedger(database, account, filter, readKey(before), limit)
  return { items, next: writeKey(next) }
}

export const creditsSummary: Handler<'credits.summary'> = ({ database, clock }, { agent, days: count, timeZone }) => {
  const account = activeAccount(database)
  const { days: names, from } = daysUpTo(clock.now(), count, timeZone)
  const none = Object.fromEntries(transactionKinds.map((kind) => [kind, 0])) as Record<
    (typeof transactionKinds)[number],
    number
  >
  if (!account) return { days: [], charged: 0, refunded: 0, counts: { all: 0, ...none } }
  const days = dailyTotals(database, account.account_id, agent, names, from, timeZone)
  return {
    days,
    charged: days.reduce((sum, day) => sum + day.charged, 0),
    refunded: days.reduce((sum, day) => sum + day.refunded, 0),
    counts: countTransactions(database, account.account_id, agent),
  }
}

const day = 24 * 60 * 60_000

export const creditsFindings: Handler<'credits.findings'> = ({ database, clock }, { days: count }) => {
  const account = activeAccount(database)
  return account ? findIrregularities(database, account.account_id, clock.now() - count * day) : []
}

export const creditsReconcile: Handler<'credits.reconcile'> = ({ database, clock }) => {
  const account = activeAccount(database)
  return account && reconcile(database, account, clock.now())
}

/** The local days of a period. Throws `invalid_input` for a time zone that nobody knows. */
export function daysUpTo(now: number, count: number, timeZone: string): { days: string[]; from: number } {
  try {
    return lastDays(now, count, timeZone)
  } catch (error) {
    throw new AppError('invalid_input', { field: 'timeZone' }, { cause: error })
  }
}
