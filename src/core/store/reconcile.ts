/** Compares the sum of `credit_transactions` with the balance that the service states for the account. */
import type { Reconciliation } from '../../shared/views.ts'
import { firstRowId } from '../domain/ledger.ts'
import { type DifferenceFacts, differenceCandidates, type LedgerSum, openingBalance } from '../domain/reconcile.ts'
import { changeSince } from './ledger-facets.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** Compares the sum of the ledger with the balance that the service states, and names what may explain a difference. */
export function reconcile(database: Readable, account: AccountRow): Reconciliation {
  const { accountId, balance: stated, balanceAsOf: statedAt } = account
  const ledger = changeSince(database, accountId, 0)
  const oldest = oldestStatedRow(database, accountId)
  const opening = oldest && openingBalance(oldest.before, changeSince(database, accountId, oldest.rowId - 1), ledger)
  const difference = opening === null ? null : stated - (opening + ledger)
  const candidates =
    oldest && difference
      ? differenceCandidates(difference, differenceFacts(database, accountId, statedAt, oldest.rowId))
      : []
  return { stated, statedAt, opening, ledger, difference, candidates }
}

function differenceFacts(database: Readable, accountId: number, statedAt: number, oldest: number): DifferenceFacts {
  const sum = (where: string): LedgerSum =>
    statement<[object], LedgerSum>(
      database,
      `SELECT coalesce(sum(amount), 0) AS total, count(*) AS records FROM credit_transactions WHERE ${where}`,
    ).get({ accountId, statedAt, oldest, firstRow: firstRowId(statedAt) }) as LedgerSum
  const value = (sql: string) => scalar<[number], number | null>(database, sql).get(accountId) ?? null
  return {
    statedAt,
    writtenAfter: sum(
      '+account_id = @accountId AND row_id >= @firstRow AND occurred_at > @statedAt AND retracted_at IS NULL',
    ),
    retractedAfter: sum('account_id = @accountId AND row_id > @oldest AND retracted_at IS NOT NULL'),
    retractedBefore: sum('account_id = @accountId AND row_id < @oldest AND retracted_at IS NOT NULL'),
    pastExpiry: sum(
      `account_id = @accountId AND expires_at <= @statedAt AND kind IN ('grant', 'top_up', 'refund')
       AND retracted_at IS NULL`,
    ),
    expiries: sum(
      `facet_id IN (SELECT facet_id FROM ledger_facets WHERE account_id = @accountId AND kind = 'expiry')
       AND retracted_at IS NULL`,
    ),
    quarantined: value(`SELECT count(*) FROM quarantined_records WHERE account_id = ? AND stream = 'credits'`) ?? 0,
    readAt: value(`SELECT last_success_at FROM sync_streams WHERE account_id = ? AND stream = 'credits'`),
  }
}

/** The oldest row with a stated balance, and the balance before it. The order of two rows of one time is unknown. */
const oldestStatedRow = (database: Readable, accountId: number): { rowId: number; before: number } | null =>
  statement<[number], { rowId: number; before: number }>(
    database,
    `SELECT row_id AS rowId, balance_after - amount AS before FROM credit_transactions t
     WHERE +account_id = ? AND row_id > 0 AND balance_after IS NOT NULL AND retracted_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM credit_transactions o WHERE o.row_id <> t.row_id AND +o.account_id = t.account_id
         AND o.row_id >= t.occurred_at * ${firstRowId(1)} AND o.row_id < (t.occurred_at + 1) * ${firstRowId(1)})
     ORDER BY row_id LIMIT 1`,
  ).get(accountId) ?? null
