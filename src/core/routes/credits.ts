import { AppError } from '../../shared/errors.ts'
import { daysOf, type LocalDay, lastDays } from '../domain/days.ts'
import { ledgerFindings } from '../store/findings.ts'
import { countLedger, findTransaction, listLedger } from '../store/ledger-queries.ts'
import { dailyTotals } from '../store/ledger-totals.ts'
import { reconcile } from '../store/reconcile.ts'
import { type Handler, readKey, writeKey } from './context.ts'

export const creditsList: Handler<'credits.list'> = (
  { database, currentAccount },
  { before, limit, startAt, timeZone, ...filter },
) => {
  const account = currentAccount()
  if (!account) return { items: [], next: null, days: [], searchedNewest: null }
  const first = before === undefined && startAt ? findTransaction(database, account.accountId, startAt) : null
  const { items, next, searchedNewest } = listLedger(
    database,
    account,
    filter,
    first === null ? readKey(before) : first + 1,
    limit,
  )
  const times = items.map((row) => row.occurredAt)
  const days =
    timeZone === undefined || filter.text
      ? []
      : dailyTotals(
          database,
          account.accountId,
          filter,
          inTimeZone(() => daysOf(times, timeZone)),
        )
  return { items, next: writeKey(next), days, searchedNewest }
}

export const creditsCounts: Handler<'credits.counts'> = ({ database, currentAccount }, filter) => {
  const account = currentAccount()
  return account ? countLedger(database, account.accountId, filter) : { total: 0, kinds: {}, features: {} }
}

export const creditsSummary: Handler<'credits.summary'> = (
  { database, currentAccount, clock },
  { agent, days: count, timeZone },
) => {
  const account = currentAccount()
  const localDays = daysUpTo(clock.now(), count, timeZone)
  if (!account) return { days: [], charged: 0, refunded: 0 }
  const days = dailyTotals(database, account.accountId, { agent }, localDays)
  return {
    days,
    charged: days.reduce((sum, day) => sum + day.charged, 0),
    refunded: days.reduce((sum, day) => sum + day.refunded, 0),
  }
}

const day = 24 * 60 * 60_000

export const creditsFindings: Handler<'credits.findings'> = ({ database, currentAccount, clock }, { days: count }) => {
  const account = currentAccount()
  return account ? ledgerFindings(database, account.accountId, clock.now() - count * day) : []
}

export const creditsReconcile: Handler<'credits.reconcile'> = ({ database, currentAccount }) => {
  const account = currentAccount()
  return account && reconcile(database, account)
}

/** The local days of a period up to now. Throws `invalid_input` for an unknown time zone. */
export const daysUpTo = (now: number, count: number, timeZone: string): LocalDay[] =>
  inTimeZone(() => lastDays(now, count, timeZone))

function inTimeZone<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new AppError('invalid_input', { field: 'timeZone' }, { cause: error })
  }
}
