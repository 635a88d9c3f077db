import { hash } from 'node:crypto'
import type { CreditTransaction } from '../service/schemas.ts'
import type { Delivery } from './delivery.ts'
import { ledgerFacetIds } from './ledger-facets.ts'
import { type LinkRow, linkTransactions } from './linking.ts'
import { allocateRowId } from './row-ids.ts'
import { scalar, statement } from './statement.ts'
import type { Writable } from './store.ts'

/** What a ledger row says, hashed: a changed amount or link in the file is found by `verify`. */
export function transactionHash(row: CreditTransaction): Buffer {
  const {
    id,
    kind,
    feature,
    source,
    amount,
    balanceAfter,
    occurredAt,
    jobId,
    agent,
    reverses,
    model,
    memo,
    expiresAt,
  } = row
  return hash(
    'sha256',
    JSON.stringify([
      id,
      kind,
      feature,
      source,
      amount,
      balanceAfter,
      occurredAt,
      jobId,
      agent,
      reverses,
      model,
      memo,
      expiresAt,
    ]),
    'buffer',
  ).subarray(0, 16)
}

export interface AppliedCredits {
  added: number
  /** Withdrawn rows that the service lists again. */
  updated: number
  /** Rows that came again with other content: the first version stands. */
  changed: CreditTransaction[]
  /** Cases whose records changed. */
  touched: Set<number>
}

/**
 * Adds ledger rows; a row that is known stays as it is, but a listing proves that it is still there.
 * Runs inside the caller's transaction.
 */
export function applyTransactions(
  database: Writable,
  accountId: number,
  rows: readonly CreditTransaction[],
  { listingEpoch, listing }: Delivery,
): AppliedCredits {
  const result: AppliedCredits = { added: 0, updated: 0, changed: [], touched: new Set() }
  const find = statement<
    [number, string],
    { row_id: number; hash: Buffer; retracted_at: number | null; case_id: number | null }
  >(database, 'SELECT row_id, hash, retracted_at, case_id FROM credit_transactions WHERE account_id = ? AND id = ?')
  const listed = statement<[number, number]>(
    database,
    'UPDATE credit_transactions SET listing_epoch = ?, retracted_at = NULL WHERE row_id = ?',
  )
  const insert = statement<unknown[]>(
    database,
    `INSERT INTO credit_transactions (row_id, account_id, facet_id, id, kind, feature, source, amount, balance_after,
       occurred_at, job_id, agent, reverses, model, memo, expires_at, hash, listing_epoch)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const groupId = ledgerFacetIds(database, accountId)
  const added: LinkRow[] = []
  for (const row of rows) {
    const known = find.get(accountId, row.id)
    const digest = transactionHash(row)
    if (known) {
      if (!digest.equals(known.hash)) result.changed.push(row)
      if (listing) {
        listed.run(listingEpoch, known.row_id)
        if (known.retracted_at !== null) {
          result.updated++
          if (known.case_id !== null) result.touched.add(known.case_id)
        }
      }
      continue
    }
    const rowId = allocateRowId(database, 'credit_transactions', row.occurredAt)
    insert.run(
      rowId,
      accountId,
      groupId(row),
      row.id,
      row.kind,
      row.feature,
      row.source,
      row.amount,
      row.balanceAfter,
      row.occurredAt,
      row.jobId,
      row.agent,
      row.reverses,
      row.model,
      row.memo,
      row.expiresAt,
      digest,
      listingEpoch,
    )
    result.added++
    if (row.kind === 'charge' || row.kind === 'refund') {
      added.push({
        row_id: rowId,
        id: row.id,
        kind: row.kind,
        feature: row.feature,
        source: row.source,
        job_id: row.jobId,
        agent: row.agent,
        reverses: row.reverses,
        case_id: null,
      })
    }
  }
  linkTransactions(database, accountId, added, result.touched)
  return result
}

/** The listing `listingEpoch` returned this row, although in a form that cannot be read. */
export function keepTransactionListed(database: Writable, accountId: number, id: string, listingEpoch: number): void {
  statement<[number, number, string]>(
    database,
    'UPDATE credit_transactions SET listing_epoch = ? WHERE account_id = ? AND id = ?',
  ).run(listingEpoch, accountId, id)
}

/** Marks what the finished listing `listingEpoch` no longer returned: how many rows, and the cases that this touches. */
export function retractUnlisted(
  database: Writable,
  accountId: number,
  listingEpoch: number,
  now: number,
): { updated: number; touched: Set<number> } {
  const cases = scalar<[number, number, number], number | null>(
    database,
    `UPDATE credit_transactions SET retracted_at = ?
     WHERE account_id = ? AND listing_epoch < ? AND retracted_at IS NULL RETURNING case_id`,
  ).all(now, accountId, listingEpoch)
  return { updated: cases.length, touched: new Set(cases.filter((caseId) => caseId !== null)) }
}
