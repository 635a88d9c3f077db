import { AppError } from '../../shared/errors.ts'
import { dayMs, daysOf, type LocalDay, lastDays } from '../domain/days.ts'
import { ledgerFindings } from '../store/ledger/findings.ts'
import { countLedger, findTransaction, listLedger } from '../store/ledger/ledger-queries.ts'
import { totalsOfAccounts } from '../store/ledger/ledger-totals.ts'
import { reconcile } from '../store/ledger/reconcile.ts'
import { currentAccount, type Handler, readKey, writeKey } from './context.ts'

export const creditsList: Handler<'credits.list'> = (
  { database, scope },
  { before, limit, startAt, timeZone, ...filter },
) => {
  const shown = scope()
  if (shown.ids.length === 0) return { items: [], next: null, days: [], searchedNewest: null }
  const first = before === undefined && startAt ? findTransaction(database, shown.ids, startAt) : null
  const { items, next, searchedNewest } = listLedger(
    database,
    shown,
    filter,
    first === null ? readKey(before) : first + 1,
    limit,
  )
  const times = items.map((row) => row.occurredAt)
  const days =
    timeZone === undefined || filter.text
      ? []
      : totalsOfAccounts(
          database,
          shown.ids,
          filter,
          inTimeZone(() => daysOf(times, timeZone)),
        )
  return { items, next: writeKey(next), days, searchedNewest }
}

export const creditsCounts: Handler<'credits.counts'> = ({ database, scope }, filter) =>
  countLedger(database, scope().ids, filter)

export const creditsSummary: Handler<'credits.summary'> = (
  { database, scope, clock },
  { agent, days: count, timeZone },
) => {
  const { ids } = scope()
  const localDays = daysUpTo(clock.now(), count, timeZone)
  if (ids.length === 0) return { days: [], charged: 0, refunded: 0 }
  const days = totalsOfAccounts(database, ids, { agent }, localDays)
  return {
    days,
    charged: days.reduce((sum, day) => sum + day.charged, 0),
    refunded: days.reduce((sum, day) => sum + day.refunded, 0),
  }
}

export const creditsFindings: Handler<'credits.findings'> = ({ database, scope, clock }, { days: count }) =>
  ledgerFindings(database, scope(), clock.now() - count * dayMs)

export const creditsReconcile: Handler<'credits.reconcile'> = (context) => {
  const account = currentAccount(context)
  return account && reconcile(context.database, account)
}

/** The local days of a period up to now. Throws `invalid_input` for an unknown time zone. */
export const daysUpTo = (now: number, count: number, timeZone: string): LocalDay[] =>
  inTimeZone(() => lastDays(now, count, timeZone))

/** Turns the `RangeError` of an unknown time zone into `invalid_input`. */
function inTimeZone<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new AppError('invalid_input', { field: 'timeZone' }, { cause: error })
  }
}
