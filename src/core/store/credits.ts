import { hash } from 'node:crypto'
import type { CreditTransaction } from '../service/schemas.ts'
import { type Changes, noChanges } from './changes.ts'
import { ledgerFacetIds } from './ledger-facets.ts'
import { allocateRowId } from './row-ids.ts'
import { insertInto, scalar, statement } from './statement.ts'
import type { Writable } from './store.ts'
import type { Delivery } from './streams.ts'

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
  /** Retracted rows that the service lists again. */
  updated: number
  /** Rows that came again with other content: the first version stands. */
  conflicting: CreditTransaction[]
  changes: Changes
}

const insertSql = insertInto('credit_transactions', [
  'row_id',
  'account_id',
  'facet_id',
  'id',
  'kind',
  'feature',
  'source',
  'amount',
  'balance_after',
  'occurred_at',
  'job_id',
  'agent',
  'reverses',
  'model',
  'memo',
  'expires_at',
  'hash',
  'listing_epoch',
])

/**
 * Adds ledger rows; a row that is known stays as it is, but a snapshot proves that it is still there.
 * Runs inside the caller's transaction, which then applies the returned changes.
 */
export function applyTransactions(
  database: Writable,
  accountId: number,
  rows: readonly CreditTransaction[],
  { listingEpoch, listing }: Delivery,
): AppliedCredits {
  const changes = noChanges()
  const result: AppliedCredits = { added: 0, updated: 0, conflicting: [], changes }
  const find = statement<
    [number, string],
    { row_id: number; hash: Buffer; retracted_at: number | null; case_id: number | null }
  >(database, 'SELECT row_id, hash, retracted_at, case_id FROM credit_transactions WHERE account_id = ? AND id = ?')
  const listed = statement<[number, number]>(
    database,
    'UPDATE credit_transactions SET listing_epoch = ?, retracted_at = NULL WHERE row_id = ?',
  )
  const insert = statement<[Record<string, string | number | Buffer | null>]>(database, insertSql)
  const facetId = ledgerFacetIds(database, accountId)
  for (const row of rows) {
    const known = find.get(accountId, row.id)
    const digest = transactionHash(row)
    if (known) {
      if (!digest.equals(known.hash)) result.conflicting.push(row)
      if (listing) {
        listed.run(listingEpoch, known.row_id)
        if (known.retracted_at !== null) {
          result.updated++
          if (known.case_id !== null) changes.cases.add(known.case_id)
        }
      }
      continue
    }
    const added = {
      row_id: allocateRowId(database, 'credit_transactions', row.occurredAt),
      id: row.id,
      kind: row.kind,
      feature: row.feature,
      source: row.source,
      job_id: row.jobId,
      agent: row.agent,
      reverses: row.reverses,
    }
    insert.run({
      ...added,
      account_id: accountId,
      // Of the row alone: once it is linked, the projection of facets adds the agent of its case.
      facet_id: facetId(row),
      amount: row.amount,
      balance_after: row.balanceAfter,
      occurred_at: row.occurredAt,
      model: row.model,
      memo: row.memo,
      expires_at: row.expiresAt,
      hash: digest,
      listing_epoch: listingEpoch,
    })
    result.added++
    if (row.kind === 'charge' || row.kind === 'refund') changes.insertedCredits.push({ ...added, case_id: null })
  }
  return result
}

/** The listing `listingEpoch` returned this row, although in a form that cannot be read. */
export function keepTransactionListed(database: Writable, accountId: number, id: string, listingEpoch: number): void {
  statement<[number, number, string]>(
    database,
    'UPDATE credit_transactions SET listing_epoch = ? WHERE account_id = ? AND id = ?',
  ).run(listingEpoch, accountId, id)
}

/**
 * Marks the rows that the finished snapshot `listingEpoch` no longer returned although it returned older ones. Returns how
 * many, and their cases. Rows older than the oldest listed one stay unmarked: the service lists its history from a later time on.
 */
export function retractUnlisted(
  database: Writable,
  accountId: number,
  listingEpoch: number,
  now: number,
): { updated: number; cases: number[]; listedFrom: number | null } {
  const values = { accountId, listingEpoch, now }
  const oldest = scalar<[typeof values], number>(
    database,
    `SELECT occurred_at FROM credit_transactions WHERE +account_id = @accountId AND listing_epoch = @listingEpoch
     ORDER BY row_id LIMIT 1`,
  ).get(values) as number | undefined
  if (oldest === undefined) return { updated: 0, cases: [], listedFrom: null }
  const cases = scalar<[object], number | null>(
    database,
    `UPDATE credit_transactions SET retracted_at = @now WHERE account_id = @accountId
       AND listing_epoch < @listingEpoch AND retracted_at IS NULL AND occurred_at > @oldest RETURNING case_id`,
  ).all({ ...values, oldest })
  const olderRemain = scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM credit_transactions WHERE account_id = @accountId AND retracted_at IS NULL
       AND listing_epoch < @listingEpoch)`,
  ).get(values)
  return {
    updated: cases.length,
    cases: cases.filter((caseId) => caseId !== null),
    listedFrom: olderRemain ? oldest : null,
  }
}
