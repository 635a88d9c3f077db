/**
 * The links of `credit_transactions` to their cases: the look-ups of the linking rules, and the rows that they move.
 */
import { caseOfCharge, caseOfRefund, type LinkedRow, type LinkLookups } from '../domain/linking.ts'
import type { Changes } from './changes.ts'
import { isCaseOfCharge } from './schema/views.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/** A ledger row with its link, and the kind and source from which the facet of a relinked row is found. */
export interface LinkRow extends LinkedRow {
  kind: string
  source: string | null
}

/** The columns of a `LinkRow`. */
export const linkColumns =
  'row_id AS rowId, id, kind, feature, source, job_id AS jobId, agent, reverses, case_id AS caseId'

/** The look-ups of the linking rules over the stored records of one account. */
export function linkLookups(database: Readable, accountId: number): LinkLookups {
  const job = scalar<[object], number>(
    database,
    'SELECT row_id FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @jobId',
  )
  const charge = statement<[number, string], { caseId: number | null }>(
    database,
    `SELECT case_id AS caseId FROM credit_transactions WHERE account_id = ? AND id = ? AND kind = 'charge'`,
  )
  const chargeCase = scalar<[object], number>(
    database,
    `SELECT case_id FROM credit_transactions
     WHERE account_id = @accountId AND job_id = @jobId AND kind = 'charge' AND ${isCaseOfCharge('case_id')}
       AND (agent = @agent OR agent IS NULL OR @agent IS NULL) ORDER BY occurred_at, id LIMIT 1`,
  )
  return {
    jobRowId: (agent, jobId) => job.get({ accountId, agent, jobId }) ?? null,
    charge: (id) => charge.get(accountId, id) ?? null,
    chargeCaseNamingJob: (jobId, agent) => chargeCase.get({ accountId, jobId, agent }) ?? null,
  }
}

/** The case in which the linking rules put a row; null if it counts in none. */
export function caseOfRow(row: LinkRow, lookups: LinkLookups): number | null {
  if (row.kind === 'charge') return caseOfCharge(row, lookups)
  return row.kind === 'refund' ? caseOfRefund(row, lookups) : null
}

/** Moves the charges that name a job which just arrived, and the refunds that follow them, into its case. */
export function linkJob(database: Writable, accountId: number, jobId: string, changes: Changes): void {
  const rows = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND job_id = ? AND kind IN ('charge', 'refund')`,
  ).all(accountId, jobId)
  linkTransactions(database, accountId, rows, changes)
}

/**
 * Moves each row into its case, and the refunds that depend on it: charges first, because refunds follow charges.
 * Adds the moved rows and the cases that gained or lost one to `changes`. Runs inside the caller's transaction.
 */
export function linkTransactions(
  database: Writable,
  accountId: number,
  rows: readonly LinkRow[],
  changes: Changes,
): void {
  if (rows.length === 0) return
  const lookups = linkLookups(database, accountId)
  const refunds = new Map(rows.filter((row) => row.kind !== 'charge').map((row) => [row.rowId, row]))
  for (const charge of rows.filter((row) => row.kind === 'charge')) {
    moveToCase(database, charge, caseOfRow(charge, lookups), changes)
    for (const refund of refundsFollowing(database, accountId, charge)) refunds.set(refund.rowId, refund)
  }
  for (const refund of refunds.values()) {
    moveToCase(database, refund, caseOfRow(refund, lookups), changes)
  }
}

function moveToCase(database: Writable, row: LinkRow, caseId: number | null, changes: Changes): void {
  if (caseId === row.caseId) return
  statement<[number | null, number]>(database, 'UPDATE credit_transactions SET case_id = ? WHERE row_id = ?').run(
    caseId,
    row.rowId,
  )
  changes.relinkedCredits.push({ ...row, caseId })
  if (row.caseId !== null) changes.cases.add(row.caseId)
  if (caseId !== null) changes.cases.add(caseId)
}

/** The refunds whose case may change with the case of `charge`: those that reverse it or name the same job. */
function refundsFollowing(database: Readable, accountId: number, charge: LinkRow): LinkRow[] {
  const byReverses = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND reverses = ? AND kind = 'refund'`,
  ).all(accountId, charge.id)
  if (charge.jobId === null) return byReverses
  const byJob = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND job_id = ? AND kind = 'refund'`,
  ).all(accountId, charge.jobId)
  return [...byReverses, ...byJob]
}
