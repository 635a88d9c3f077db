import type { Reconciliation } from '../../shared/views.ts'
import { firstRowId } from '../domain/ledger.ts'
import { type ExactCause, explainDifference } from '../domain/reconcile.ts'
import { changeSince } from './ledger-facets.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

const rowsPerMoment = firstRowId(1)

type Kind = Reconciliation['candidates'][number]['kind']
interface Sum {
  total: number
  records: number
}

/** Holds the sum of the ledger against the balance that the service states, and names what explains a difference. */
export function reconcile(database: Readable, account: AccountRow): Reconciliation {
  const { accountId: id, balance: stated, balanceAsOf: statedAt } = account
  const sum = (where: string, ...values: number[]): Sum =>
    statement<number[], Sum>(
      database,
      `SELECT coalesce(sum(amount), 0) AS total, count(*) AS records FROM credit_transactions
       WHERE ${where}`,
    ).get(id, ...values) as Sum
  const ledger = changeSince(database, id, 0)
  const anchor = oldestStatedRow(database, id)
  // The rows before the oldest one that states a balance are what the newer ones leave of the whole.
  const opening = anchor === null ? null : anchor.before - (ledger - changeSince(database, id, anchor.row_id - 1))
  const difference = opening === null ? null : stated - (opening + ledger)
  const result = { stated, statedAt, opening, ledger, difference }
  if (anchor === null || difference === null || difference === 0) return { ...result, candidates: [] }

  const after = sum(
    '+account_id = ? AND row_id >= ? AND occurred_at > ? AND retracted_at IS NULL',
    firstRowId(statedAt),
    statedAt,
  )
  const retracted = sum('account_id = ? AND row_id > ? AND retracted_at IS NOT NULL', anchor.row_id)
  const retractedBefore = sum('account_id = ? AND row_id < ? AND retracted_at IS NOT NULL', anchor.row_id)
  const expired = sum(
    `account_id = ? AND expires_at <= ? AND kind IN ('grant', 'top_up', 'refund') AND retracted_at IS NULL`,
    statedAt,
  )
  const listedExpiry = sum(
    `facet_id IN (SELECT facet_id FROM ledger_facets WHERE account_id = ? AND kind = 'expiry') AND retracted_at IS NULL`,
  )
  const causes: ExactCause<Kind>[] = [
    { kind: 'written_after', amounts: [-after.total] },
    {
      // The balance may still count them, or count those no longer that it counted at the oldest row.
      kind: 'retracted',
      amounts: [retracted.total, -retractedBefore.total, retracted.total - retractedBefore.total],
    },
  ]
  const mostExpired = Math.max(0, expired.total + listedExpiry.total)
  const explained = explainDifference<Kind>(difference, causes, mostExpired, 'expired_unlisted')

  const quarantined = scalar<[number], number>(
    database,
    `SELECT count(*) FROM quarantined_records WHERE account_id = ? AND stream = 'credits'`,
  ).get(id) as number
  const readAt = scalar<[number], number | null>(
    database,
    `SELECT last_success_at FROM sync_streams WHERE account_id = ? AND stream = 'credits'`,
  ).get(id)
  const unread = readAt == null || readAt < statedAt
  const candidate = (kind: Kind, records: number, mayExplain = false) => {
    const found = explained.find((cause) => cause.kind === kind)
    // What is not known exactly can only explain what nothing known does.
    const explains = found !== undefined || (mayExplain && explained.length === 0)
    return { kind, amount: found?.amount ?? null, records, explains }
  }
  const candidates = [
    candidate('written_after', after.records),
    candidate('retracted', retracted.records + retractedBefore.records),
    candidate('expired_unlisted', mostExpired > 0 ? expired.records : 0),
    candidate('quarantined', quarantined, quarantined > 0),
    candidate('not_caught_up', 0, unread),
  ]
  return { ...result, candidates: candidates.filter(({ records, explains }) => records > 0 || explains) }
}

/** The oldest row with a stated balance, and the balance before it. Of two rows at one moment nobody knows which was first. */
const oldestStatedRow = (database: Readable, accountId: number): { row_id: number; before: number } | null =>
  statement<[number], { row_id: number; before: number }>(
    database,
    `SELECT row_id, balance_after - amount AS before FROM credit_transactions t
     WHERE +account_id = ? AND row_id > 0 AND balance_after IS NOT NULL AND retracted_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM credit_transactions o WHERE o.row_id <> t.row_id AND +o.account_id = t.account_id
         AND o.row_id >= t.occurred_at * ${rowsPerMoment} AND o.row_id < (t.occurred_at + 1) * ${rowsPerMoment})
     ORDER BY row_id LIMIT 1`,
  ).get(accountId) ?? null
