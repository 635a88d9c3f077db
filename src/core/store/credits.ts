import { hash } from 'node:crypto'
import type { Agent } from '../../shared/values.ts'
import {
  chargeCaseId,
  isChargeCase,
  isGenerationFeature,
  jobCaseId,
  mayCountInJob,
  rowIdOfCase,
} from '../domain/ledger.ts'
import type { CreditTransaction } from '../service/schemas.ts'
import type { Delivery } from './delivery.ts'
import { ledgerFacetIds } from './ledger-facets.ts'
import { allocateRowId } from './row-ids.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

interface LinkRow {
  row_id: number
  id: string
  kind: string
  feature: string | null
  source: string | null
  job_id: string | null
  agent: Agent | null
  reverses: string | null
  case_id: number | null
}
const linkColumns = 'row_id, id, kind, feature, source, job_id, agent, reverses, case_id'

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

/** A job arrived: the charges that name it, and the refunds that follow them, move into its case. */
export function linkJob(database: Writable, accountId: number, jobId: string, touched: Set<number>): void {
  const rows = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND job_id = ? AND kind IN ('charge', 'refund')`,
  ).all(accountId, jobId)
  if (rows.length > 0) linkTransactions(database, accountId, rows, touched)
}

/** Finds the case of each row and of the refunds that depend on them; charges first, since refunds follow charges. */
function linkTransactions(database: Writable, accountId: number, rows: LinkRow[], touched: Set<number>): void {
  const refunds = new Map(rows.filter((row) => row.kind === 'refund').map((row) => [row.row_id, row]))
  for (const charge of rows.filter((row) => row.kind === 'charge')) {
    moveToCase(database, accountId, charge, caseOfCharge(database, accountId, charge), touched)
    for (const refund of refundsFollowing(database, accountId, charge)) refunds.set(refund.row_id, refund)
  }
  for (const refund of refunds.values()) {
    moveToCase(database, accountId, refund, caseOfRefund(database, accountId, refund), touched)
  }
}

function moveToCase(
  database: Writable,
  accountId: number,
  row: LinkRow,
  caseId: number | null,
  touched: Set<number>,
): void {
  if (caseId === row.case_id) return
  statement<[number | null, number]>(database, 'UPDATE credit_transactions SET case_id = ? WHERE row_id = ?').run(
    caseId,
    row.row_id,
  )
  if (row.agent === null) {
    const agent = caseId === null ? null : agentOfCase(database, caseId)
    const facet = ledgerFacetIds(database, accountId)({ ...row, agent })
    statement<[number, number]>(database, 'UPDATE credit_transactions SET facet_id = ? WHERE row_id = ?').run(
      facet,
      row.row_id,
    )
  }
  if (row.case_id !== null) touched.add(row.case_id)
  if (caseId !== null) touched.add(caseId)
}

/** The agent of a case's job; of a charge without one the agent that the charge names. */
const agentOfCase = (database: Readable, caseId: number): Agent | null =>
  scalar<[number], Agent | null>(
    database,
    `SELECT agent FROM ${isChargeCase(caseId) ? 'credit_transactions' : 'jobs'} WHERE row_id = ?`,
  ).get(rowIdOfCase(caseId)) ?? null

function refundsFollowing(database: Readable, accountId: number, charge: LinkRow): LinkRow[] {
  const byReverses = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND reverses = ? AND kind = 'refund'`,
  ).all(accountId, charge.id)
  if (charge.job_id === null) return byReverses
  const byJob = statement<[number, string], LinkRow>(
    database,
    `SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ? AND job_id = ? AND kind = 'refund'`,
  ).all(accountId, charge.job_id)
  return [...byReverses, ...byJob]
}

/** The case of a charge: its job's, else its own where its feature makes something, else none. */
export function caseOfCharge(database: Readable, accountId: number, charge: LinkRow): number | null {
  if (!mayCountInJob(charge.feature)) return null
  const job = findJobRow(database, accountId, charge.job_id, charge.agent)
  if (job !== null) return jobCaseId(job)
  return isGenerationFeature(charge.feature) ? chargeCaseId(charge.row_id) : null
}

/** The case of a refund: that of the charge that it reverses, else of the job that it names, else of a charge naming that job. */
export function caseOfRefund(database: Readable, accountId: number, refund: LinkRow): number | null {
  if (refund.reverses !== null) {
    const charge = statement<[number, string], { kind: string; case_id: number | null }>(
      database,
      'SELECT kind, case_id FROM credit_transactions WHERE account_id = ? AND id = ?',
    ).get(accountId, refund.reverses)
    if (charge?.kind === 'charge') return charge.case_id
  }
  if (refund.job_id === null || !mayCountInJob(refund.feature)) return null
  const job = findJobRow(database, accountId, refund.job_id, refund.agent)
  if (job !== null) return jobCaseId(job)
  // Both agents may have a job of this id: a refund for the one says nothing about a charge of the other.
  const charge = scalar<[number, string, Agent | null, Agent | null], number>(
    database,
    `SELECT case_id FROM credit_transactions
     WHERE account_id = ? AND job_id = ? AND kind = 'charge' AND case_id % 2 = 1
       AND (agent = ? OR agent IS NULL OR ? IS NULL) ORDER BY occurred_at, id LIMIT 1`,
  ).get(accountId, refund.job_id, refund.agent, refund.agent)
  return (charge as number | undefined) ?? null
}

/** A job by id: of the agent that the row names; where it names none, of the first agent that has it. */
function findJobRow(database: Readable, accountId: number, jobId: string | null, agent: Agent | null): number | null {
  if (jobId === null) return null
  const find = scalar<[number, Agent, string], number>(
    database,
    'SELECT row_id FROM jobs WHERE account_id = ? AND agent = ? AND id = ?',
  )
  const candidates: Agent[] = agent ? [agent] : ['agent-1', 'agent-2']
  for (const candidate of candidates) {
    const row = find.get(accountId, candidate, jobId)
    if (row !== undefined) return row as number
  }
  return null
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
