/** Reads the ledger for credits that ran out without an expiry on record. */
import { type CreditMove, type Lapse, lapsesOf } from '../../domain/lapses.ts'
import { firstRowId } from '../../domain/ledger.ts'
import type { Readable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'

/** The number of newest rows that are read, which takes about 0.2 s. */
const searchedRows = 100_000

/**
 * The credits that can have run out after the time `after`, up to and including `through`. Reads no row if no credits expire then.
 * `searchedNewest` is the number of rows that were read, if there are more.
 */
export function findLapses(
  database: Readable,
  accountId: number,
  opening: number,
  { after, through }: { after: number; through: number },
): { lapses: Lapse[]; searchedNewest: number | null } {
  const isAnyExpiring = scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM credit_transactions
       WHERE account_id = @accountId AND expires_at > @after AND expires_at <= @through)`,
  ).get({ accountId, after, through })
  if (!isAnyExpiring) return { lapses: [], searchedNewest: null }
  const rows = statement<[object], CreditMove>(
    database,
    `SELECT occurred_at AS at, kind, amount, expires_at AS expiresAt FROM credit_transactions
     WHERE +account_id = @accountId AND row_id < @below AND retracted_at IS NULL
     ORDER BY row_id DESC LIMIT ${searchedRows}`,
  ).all({ accountId, below: firstRowId(through + 1) })
  return {
    lapses: lapsesOf(rows.reverse(), opening, through).filter(({ at }) => at > after),
    searchedNewest: rows.length < searchedRows ? null : searchedRows,
  }
}
