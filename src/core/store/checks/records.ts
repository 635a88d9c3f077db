/** Checks of the records as they were received: `credit_transactions` and `results`. */
import type { CreditTransaction } from '../../service/schemas.ts'
import type { Readable } from '../handles.ts'
import { isHashOf } from '../ledger/credits.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { statement } from '../statement.ts'
import { type Check, startCheck } from './check.ts'

/** No ledger row changed after it was stored. */
export function checkHashes(database: Readable): Check {
  const found = startCheck('row_hashes')
  const rows = statement<[], CreditTransaction & { hash: Buffer }>(
    database,
    `SELECT id, kind, ${textOfRow('feature')} AS feature, ${textOfRow('source')} AS source, amount, balance_after AS balanceAfter, occurred_at AS occurredAt, job_id AS jobId,
       agent, reverses, ${textOfRow('model')} AS model, memo, expires_at AS expiresAt, hash FROM credit_transactions`,
  ).iterate()
  for (const row of rows) found.see(!isHashOf(row.hash, row), () => row.id)
  return found
}

/** Every amount is a whole number with the sign of its kind. */
export function checkAmounts(database: Readable): Check {
  const found = startCheck('amounts')
  const rows = statement<[], { id: string; kind: string; type: string; amount: number }>(
    database,
    'SELECT id, kind, typeof(amount) AS type, amount FROM credit_transactions',
  ).iterate()
  for (const row of rows) {
    const wrongSign =
      (['charge', 'expiry'].includes(row.kind) && row.amount > 0) ||
      (['refund', 'grant', 'top_up'].includes(row.kind) && row.amount < 0)
    found.see(row.type !== 'integer' || !Number.isSafeInteger(row.amount) || wrongSign, () => row.id)
  }
  return found
}

/** Every job has as many results as it counts, in positions without a gap. */
export function checkResults(database: Readable): Check {
  const found = startCheck('results')
  const rows = statement<[], { id: string; resultCount: number; stored: number; last: number | null }>(
    database,
    `SELECT id, result_count AS resultCount, (SELECT count(*) FROM results WHERE job_row_id = row_id) AS stored,
       (SELECT max(position) FROM results WHERE job_row_id = row_id) AS last FROM jobs`,
  ).iterate()
  for (const { id, resultCount, stored, last } of rows) {
    found.see(stored !== resultCount || (last ?? -1) + 1 !== resultCount, () => id)
  }
  return found
}
