/**
 * The links of `credit_transactions` to their cases: the look-ups of the linking rules, and the rows that they move.
 */
import { mayRefund } from '../domain/ledger.ts'
import { caseOfCharge, caseOfRefund, isUnnamedRefund, type LinkedRow, type LinkLookups } from '../domain/linking.ts'
import type { Readable, Writable } from './handles.ts'
import { isCaseOfCharge } from './schema/views.ts'
import { scalar, statement } from './statement.ts'

/** A ledger row with its link, and the kind and source from which the facet of a relinked row is found. */
export interface LinkRow extends LinkedRow {
  kind: string
  source: string | null
}

/** The moved rows and the cases that they leave and join. */
export interface LinkChanges {
  /** Rows that moved to another case, with the case that they count in now. */
  relinkedCredits: LinkRow[]
  /** Cases to decide again. */
  cases: Set<number>
}

/** The columns of a `LinkRow`. */
export const linkColumns =
  'row_id AS rowId, id, kind, feature, source, amount, occurred_at AS occurredAt, job_id AS jobId, agent, reverses, case_id AS caseId'

/** SQL that holds for the kinds of rows that may count in a case. */
const isLinkedKind = `kind IN ('charge', 'refund', 'grant', 'adjustment')`

/** SQL that holds for a refund that names neither a charge nor a job. */
export const isUnnamed = `kind = 'refund' AND reverses IS NULL AND job_id IS NULL`

/** The look-ups of the linking rules over the stored records of one account. */
export function linkLookups(database: Readable, accountId: number): LinkLookups {
  const job = scalar<[object], number>(
    database,
    'SELECT row_id FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @jobId',
  )
  const reversed = statement<[object], { caseId: number | null }>(
    database,
    `SELECT case_id AS caseId FROM credit_transactions WHERE account_id = @accountId AND id = @reverses
       AND (kind = 'charge' OR ${isLinkedKind} AND NOT (${isUnnamed}) AND (occurred_at, id) < (@occurredAt, @id))`,
  )
  const given = statement<[object], { caseId: number | null }>(
    database,
    `SELECT case_id AS caseId FROM credit_transactions
     WHERE account_id = @accountId AND job_id = @jobId AND ${isLinkedKind} AND amount > 0
       AND (agent = @agent OR agent IS NULL OR @agent IS NULL) AND (occurred_at, id) < (@occurredAt, @id)
     ORDER BY occurred_at DESC, id DESC LIMIT 1`,
  )
  const chargeCase = scalar<[object], number>(
    database,
    `SELECT case_id FROM credit_transactions
     WHERE account_id = @accountId AND job_id = @jobId AND kind = 'charge' AND ${isCaseOfCharge('case_id')}
       AND (agent = @agent OR agent IS NULL OR @agent IS NULL) ORDER BY occurred_at, id LIMIT 1`,
  )
  return {
    jobRowId: (agent, jobId) => job.get({ accountId, agent, jobId }) ?? null,
    reversed: (row) => reversed.get({ ...row, accountId }) ?? null,
    givenBefore: (row) => given.get({ ...row, accountId }) ?? null,
    chargeCaseNamingJob: (jobId, agent) => chargeCase.get({ accountId, jobId, agent }) ?? null,
  }
}

/** The case in which the linking rules L1 to L8 put a row; null if it counts in none. */
export function caseOfRow(row: LinkRow, lookups: LinkLookups): number | null {
  if (row.kind === 'charge') return caseOfCharge(row, lookups)
  return mayRefund(row.kind) ? caseOfRefund(row, lookups) : null
}

/** Moves the charges that name a job which just arrived, and the refunds that follow them, into its case. */
export function linkJob(database: Writable, accountId: number, jobId: string, changes: LinkChanges): void {
  const rows = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND job_id = ? AND ${isLinkedKind}`,
  ).all(accountId, jobId)
  linkTransactions(database, accountId, rows, changes)
}

/**
 * Moves each row into its case, charges first, because refunds follow charges; then the rows that depend on it. Adds
 * the moved rows and their cases to `changes`. Runs inside the caller's transaction.
 */
export function linkTransactions(
  database: Writable,
  accountId: number,
  rows: readonly LinkRow[],
  changes: LinkChanges,
): void {
  const named = rows.filter((row) => !isUnnamedRefund(row))
  const queue = new Map(
    [...named.filter(({ kind }) => kind === 'charge'), ...named.filter(({ kind }) => kind !== 'charge')].map((row) => [
      row.rowId,
      row,
    ]),
  )
  if (queue.size === 0) return
  const lookups = linkLookups(database, accountId)
  const added = new Set(queue.keys())
  for (const row of queue.values()) {
    queue.delete(row.rowId)
    const moved = moveToCase(database, row, caseOfRow(row, lookups), changes)
    // Rows that follow a new row may have arrived before it.
    if (!moved && !added.delete(row.rowId)) continue
    for (const follower of rowsFollowing(database, accountId, row)) queue.set(follower.rowId, follower)
  }
}

/** Returns whether the row was in another case. */
export function moveToCase(database: Writable, row: LinkRow, caseId: number | null, changes: LinkChanges): boolean {
  if (caseId === row.caseId) return false
  statement<[number | null, number]>(database, 'UPDATE credit_transactions SET case_id = ? WHERE row_id = ?').run(
    caseId,
    row.rowId,
  )
  changes.relinkedCredits.push({ ...row, caseId })
  if (row.caseId !== null) changes.cases.add(row.caseId)
  if (caseId !== null) changes.cases.add(caseId)
  return true
}

/** The rows whose case may change with the case of `row`: those that reverse it, and refunds that name the same job. */
export function rowsFollowing(database: Readable, accountId: number, row: LinkRow): LinkRow[] {
  const byReverses = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND reverses = ? AND ${isLinkedKind}`,
  ).all(accountId, row.id)
  const isFollowedByJob = row.kind === 'charge' || row.amount > 0
  if (!isFollowedByJob || row.jobId === null) return byReverses
  const byJob = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND job_id = ? AND ${isLinkedKind}`,
  ).all(accountId, row.jobId)
  // Any refund may follow a charge; only credits that were taken again follow a refund.
  const mayFollow = (other: LinkRow) => other.kind !== 'charge' && (row.kind === 'charge' || other.amount < 0)
  return [...byReverses, ...byJob.filter(mayFollow)]
}
