/** Writes of the table `credit_transactions`. The content of a row never changes after it is stored. */
import { hash } from 'node:crypto'
import type { Agent } from '../../../shared/values.ts'
import { koreanDayOf } from '../../domain/days.ts'
import { chargeCaseId, mayRefund } from '../../domain/ledger.ts'
import { caseOfCharge, concernsRefundsWithoutCase, mayBeUnlinkedRefund } from '../../domain/linking.ts'
import type { ListBeginning } from '../../domain/shortenings.ts'
import type { CreditTransaction } from '../../service/schemas.ts'
import { type LinkRow, linkColumns, rowsFollowing } from '../cases/link-rows.ts'
import type { Changes } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { jobRowIds } from '../jobs/job-row-ids.ts'
import { ledgerCounter } from '../projections/ledger-totals.ts'
import { rowIdAllocator } from '../row-ids.ts'
import { isFromService } from '../schema/views.ts'
import { rowInserter, scalar, statement } from '../statement.ts'
import type { Delivery, Unlisted } from '../streams.ts'
import { ledgerFacetIds } from './ledger-facets.ts'
import { ledgerTexts, textOfRow } from './ledger-texts.ts'

/** The hashed fields. Stored hashes depend on the fields and their order. */
const hashedFields = [
  'id',
  'kind',
  'feature',
  'source',
  'amount',
  'balanceAfter',
  'occurredAt',
  'jobId',
  'agent',
  'reverses',
  'model',
  'memo',
  'expiresAt',
] as const

/** The hash of a ledger row, by which `verify` finds an amount or link that was changed in the file. */
const transactionHash = (row: CreditTransaction): Buffer => wholeHash(row).subarray(0, 8)

/** Whether a stored hash is that of a row. Versions until 27 of the data model stored 16 bytes of it. */
export const isHashOf = (stored: Buffer, row: CreditTransaction): boolean =>
  (stored.length === 8 || stored.length === 16) && wholeHash(row).subarray(0, stored.length).equals(stored)

const wholeHash = (row: CreditTransaction): Buffer =>
  hash('sha256', JSON.stringify(hashedFields.map((field) => row[field])), 'buffer')

export interface AppliedCredits {
  added: number
  /** Retracted rows that the service lists again. */
  updated: number
  /** Known rows that this snapshot had not listed before. */
  listed: number
  /** The time of the oldest new row (epoch ms); Infinity without any. */
  oldestAdded: number
  /** Rows that came again with other content; the first version is kept. */
  conflicting: CreditTransaction[]
}

const columns = [
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
  'precision_ms',
  'retracted_at',
  'case_id',
  'text_number',
]

interface KnownRow {
  rowId: number
  hash: Buffer
  listingEpoch: number
  retractedAt: number | null
  caseId: number | null
}

/**
 * Adds new ledger rows, also in place of an imported one with the id. A known row keeps its content, but a snapshot proves that
 * it is still listed.
 * Runs inside the caller's transaction, which then applies `changes`.
 */
export function applyTransactions(
  database: Writable,
  accountId: number,
  rows: readonly CreditTransaction[],
  { listingEpoch, listing }: Delivery,
  changes: Changes,
): AppliedCredits {
  const result: AppliedCredits = {
    added: 0,
    updated: 0,
    listed: 0,
    oldestAdded: Number.POSITIVE_INFINITY,
    conflicting: [],
  }
  const knownRows = rowsOfIds(
    database,
    accountId,
    rows.map(({ id }) => id),
  )
  // Newest first, so that no row is reported as following another one and removed afterwards.
  const imported = [...knownRows]
    .filter(([, known]) => known.listingEpoch === 0)
    .sort(([, a], [, b]) => b.rowId - a.rowId)
  for (const [id, { rowId }] of imported) {
    removeImportedRow(database, accountId, linkRow(database, rowId), changes)
    knownRows.delete(id)
  }
  const listed = statement<[number, number]>(
    database,
    'UPDATE credit_transactions SET listing_epoch = ?, retracted_at = NULL WHERE row_id = ?',
  )
  const newRows = rows.filter(({ id }) => !knownRows.has(id))
  const rowIdOf = rowIdAllocator(
    database,
    'credit_transactions',
    newRows.map(({ occurredAt }) => occurredAt),
  )
  const jobRowId = jobsOfCharges(database, accountId, newRows, changes)
  const writer = transactionWriter(database, accountId)
  for (const row of rows) {
    const known = knownRows.get(row.id)
    if (known) {
      if (!isHashOf(known.hash, row)) result.conflicting.push(row)
      if (listing) {
        listed.run(listingEpoch, known.rowId)
        if (known.listingEpoch < listingEpoch) result.listed++
        if (known.retractedAt !== null) {
          result.updated++
          if (known.caseId !== null) changes.cases.add(known.caseId)
          if (concernsRefundsWithoutCase(row)) changes.unnamedRefunds.add(Math.abs(row.amount))
        }
        knownRows.set(row.id, { ...known, listingEpoch, retractedAt: null })
      }
      continue
    }
    const stored = { rowId: rowIdOf(row.occurredAt), listingEpoch, retractedAt: null }
    // The case of a charge depends on its job only. That of a refund may depend on rows that are not stored yet.
    const caseId = row.kind === 'charge' ? caseOfCharge({ ...row, ...stored, caseId: null }, { jobRowId }) : null
    const hash = writer.write(row, { ...stored, precisionMs: 1, caseId }, changes)
    knownRows.set(row.id, { ...stored, hash, caseId })
    changes.ledgerDays.add(koreanDayOf(row.occurredAt))
    result.added++
    result.oldestAdded = Math.min(result.oldestAdded, row.occurredAt)
  }
  writer.saveTotals()
  return result
}

/** Finds the row ids of the jobs that new charges name. Most came in the same round, and are not read again. */
function jobsOfCharges(
  database: Readable,
  accountId: number,
  rows: readonly CreditTransaction[],
  { insertedJobs }: Changes,
): (agent: Agent, id: string) => number | null {
  const added = new Map([...insertedJobs].map(([rowId, { job }]) => [`${job.agent} ${job.id}`, rowId]))
  const unknown = rows.flatMap(({ kind, jobId, agent }) =>
    kind === 'charge' && jobId !== null && !added.has(`${agent} ${jobId}`) ? [jobId] : [],
  )
  const stored = jobRowIds(database, accountId, [...new Set(unknown)])
  return (agent, id) => added.get(`${agent} ${id}`) ?? stored(agent, id)
}

/** The stored rows among some ids, by their ids. */
const rowsOfIds = (database: Writable, accountId: number, ids: readonly string[]): Map<string, KnownRow> =>
  new Map(
    statement<[object], KnownRow & { id: string }>(
      database,
      `SELECT t.id, row_id AS rowId, hash, listing_epoch AS listingEpoch, retracted_at AS retractedAt, case_id AS caseId
       FROM json_each(@ids) i CROSS JOIN credit_transactions t ON t.account_id = @accountId AND t.id = i.value`,
    )
      .all({ accountId, ids: JSON.stringify(ids) })
      .map(({ id, ...row }) => [id, row]),
  )

/**
 * Inserts ledger rows, and adds those to link to `changes`. Rows of imports have the listing epoch 0. Call `saveTotals` after the
 * last row: until then, the totals lack the new rows.
 */
export function transactionWriter(database: Writable, accountId: number) {
  const insert = rowInserter(database, 'credit_transactions', columns)
  const facetIdOf = ledgerFacetIds(database, accountId)
  const textsOf = ledgerTexts(database, accountId)
  const counter = ledgerCounter(database, accountId)
  return {
    write(row: CreditTransaction, stored: Omit<KnownRow, 'hash'> & { precisionMs: number }, changes: Changes): Buffer {
      // The row's own agent. Once the row is linked, the projection of facets adds the agent of its case.
      const facetId = facetIdOf(row)
      const hash = transactionHash(row)
      const inserted = { ...row, ...stored, accountId, facetId, hash }
      insert({ ...inserted, ...textsOf(row) })
      counter.add(inserted)
      const { rowId, caseId } = stored
      if (caseId !== null) {
        changes.linkedCharges.push({ ...row, rowId, caseId })
        changes.cases.add(caseId)
      } else if (row.kind === 'charge' || mayRefund(row.kind) || mayBeUnlinkedRefund(row)) {
        changes.insertedCredits.push({ ...row, rowId, caseId })
      }
      return hash
    },
    saveTotals: counter.save,
  }
}

/** Removes a row that only imports know, and reports what depended on it. */
export function removeImportedRow(database: Writable, accountId: number, row: LinkRow, changes: Changes): void {
  statement<[number]>(database, 'DELETE FROM credit_transactions WHERE row_id = ?').run(row.rowId)
  if (row.caseId !== null) changes.cases.add(row.caseId)
  if (row.kind === 'charge') changes.cases.add(chargeCaseId(row.rowId))
  if (concernsRefundsWithoutCase(row)) changes.removedRefunds.push({ amount: Math.abs(row.amount), at: row.occurredAt })
  for (const following of rowsFollowing(database, accountId, [{ row, caseId: null }]))
    changes.insertedCredits.push(following)
}

const linkRow = (database: Readable, rowId: number): LinkRow =>
  statement<[number], LinkRow>(database, `SELECT ${linkColumns} FROM credit_transactions WHERE row_id = ?`).get(
    rowId,
  ) as LinkRow

/** Records that the snapshot `listingEpoch` listed this row, although its record is quarantined. */
export function keepTransactionListed(database: Writable, accountId: number, id: string, listingEpoch: number): void {
  statement<[object]>(
    database,
    `UPDATE credit_transactions SET listing_epoch = @listingEpoch
     WHERE account_id = @accountId AND id = @id AND ${isFromService}`,
  ).run({ listingEpoch, accountId, id })
}

/** The time of the oldest row that the snapshot `@listingEpoch` listed. */
const oldestListed = `SELECT occurred_at FROM credit_transactions WHERE +account_id = @accountId
  AND listing_epoch = @listingEpoch ORDER BY row_id LIMIT 1`

/** How far back a finished snapshot listed rows, and what it no longer listed of the time before. */
export function beginningOfCredits(database: Readable, accountId: number, listingEpoch: number): ListBeginning {
  const values = { accountId, listingEpoch }
  const oldest = (scalar<[object], number>(database, oldestListed).get(values) as number | undefined) ?? null
  const newestUnlisted = scalar<[object], number | null>(
    database,
    `SELECT max(occurred_at) FROM credit_transactions WHERE account_id = @accountId AND retracted_at IS NULL
       AND listing_epoch < @listingEpoch AND ${isFromService} AND (@oldest IS NULL OR occurred_at <= @oldest)`,
  ).get({ ...values, oldest })
  return { oldestListed: oldest, newestUnlisted: newestUnlisted ?? null, unfinishedEpoch: 0 }
}

/**
 * Marks the rows that the finished snapshot `listingEpoch` did not list, although it listed older ones, as retracted. Returns
 * how many, and their cases. Rows older than the oldest listed one stay: the service has dropped old records from its listing.
 */
export function retractUnlisted(database: Writable, accountId: number, listingEpoch: number, now: number): Unlisted {
  const rows = statement<[object], Pick<LinkRow, 'caseId' | 'amount' | 'kind' | 'source' | 'jobId' | 'reverses'>>(
    database,
    `UPDATE credit_transactions SET retracted_at = @now WHERE account_id = @accountId
       AND listing_epoch < @listingEpoch AND ${isFromService} AND retracted_at IS NULL AND occurred_at > (${oldestListed})
     RETURNING case_id AS caseId, amount, kind, ${textOfRow('source')} AS source, job_id AS jobId, reverses`,
  ).all({ accountId, listingEpoch, now })
  return {
    updated: rows.length,
    cases: rows.flatMap(({ caseId }) => caseId ?? []),
    unnamedRefunds: rows.filter(concernsRefundsWithoutCase).map(({ amount }) => Math.abs(amount)),
  }
}
