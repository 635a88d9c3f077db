import type { Agent } from '../../shared/values.ts'
import { decideRefundStatus } from '../domain/refund-status.ts'
import { caseIdOf, caseName } from './case-queries.ts'
import { caseContext, caseFacts } from './cases.ts'
import { transactionHash } from './credits.ts'
import { caseOfRow, type LinkRow, linkColumns, linkLookups } from './linking.ts'
import { checkSums } from './rollup-check.ts'
import { checkSearch } from './search-check.ts'
import { scalar, statement } from './statement.ts'
import type { Readable } from './store.ts'

/** One promise of the file: how many things were checked, how many break it, and the first of those. */
export interface Check {
  check:
    | 'file'
    | 'foreign_keys'
    | 'row_hashes'
    | 'amounts'
    | 'links'
    | 'cases'
    | 'conservation'
    | 'results'
    | 'search_index'
    | 'counters'
    | 'marks'
  checked: number
  broken: number
  examples: string[]
}

const examplesShown = 10

/**
 * Checks everything that the file promises, its records in one read transaction. A case whose wait has run out and that nobody
 * has flipped yet is not a break.
 */
export function verifyStore(database: Readable, now: number): Check[] {
  const file = checkFile(database)
  // What a damaged file says proves nothing.
  if (file.broken > 0) return [file]
  const verify = database.transaction(() => {
    const accounts = scalar<[], number>(database, 'SELECT account_id FROM accounts').all()
    return [
      file,
      checkForeignKeys(database),
      checkHashes(database),
      checkAmounts(database),
      merge(
        'links',
        accounts.map((id) => checkLinks(database, id)),
      ),
      merge(
        'cases',
        accounts.map((id) => checkCases(database, id, now)),
      ),
      merge(
        'conservation',
        accounts.map((id) => checkConservation(database, id)),
      ),
      checkResults(database),
      checkSearchIndex(database),
      checkCounters(database),
      merge(
        'marks',
        accounts.map((id) => checkMarks(database, id)),
      ),
    ]
  })
  return verify()
}

/** Collects what one check finds. */
function finding(check: Check['check']): Check & { see(broken: boolean, example: () => string): void } {
  return {
    check,
    checked: 0,
    broken: 0,
    examples: [],
    see(broken, example) {
      this.checked++
      if (!broken) return
      this.broken++
      if (this.examples.length < examplesShown) this.examples.push(example())
    },
  }
}

const merge = (check: Check['check'], found: Check[]): Check => ({
  check,
  checked: found.reduce((sum, part) => sum + part.checked, 0),
  broken: found.reduce((sum, part) => sum + part.broken, 0),
  examples: found.flatMap((part) => part.examples).slice(0, examplesShown),
})

function checkFile(database: Readable): Check {
  const found = finding('file')
  const pages = database.pragma('page_count', { simple: true }) as number
  for (const problem of integrityProblems(database)) found.see(true, () => problem)
  return { ...found, checked: pages }
}

function integrityProblems(database: Readable): string[] {
  try {
    const lines = database.pragma('integrity_check') as { integrity_check: string }[]
    return lines.map((line) => line.integrity_check).filter((line) => line !== 'ok')
  } catch (error) {
    // A page can be too damaged even for the check.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT'))
      return [error.message]
    throw error
  }
}

function checkForeignKeys(database: Readable): Check {
  const found = finding('foreign_keys')
  const problems = database.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[]
  for (const row of problems) found.see(true, () => `${row.table} ${row.rowid ?? ''} → ${row.parent}`)
  const referring = scalar<[], string>(
    database,
    `SELECT name FROM sqlite_schema s WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(s.name))`,
  ).all()
  const counts = referring.map((table) => `(SELECT count(*) FROM ${table})`)
  return { ...found, checked: scalar<[], number>(database, `SELECT ${counts.join(' + ')}`).get() ?? 0 }
}

interface TransactionRow {
  row_id: number
  id: string
  kind: string
  feature: string | null
  source: string | null
  amount: number
  balanceAfter: number | null
  occurredAt: number
  jobId: string | null
  agent: Agent | null
  reverses: string | null
  model: string | null
  memo: string | null
  expiresAt: number | null
  hash: Buffer
}

function checkHashes(database: Readable): Check {
  const found = finding('row_hashes')
  const rows = statement<[], TransactionRow>(
    database,
    `SELECT row_id, id, kind, feature, source, amount, balance_after AS balanceAfter, occurred_at AS occurredAt,
       job_id AS jobId, agent, reverses, model, memo, expires_at AS expiresAt, hash FROM credit_transactions`,
  ).iterate()
  for (const row of rows) found.see(!transactionHash(row).equals(row.hash), () => row.id)
  return found
}

function checkAmounts(database: Readable): Check {
  const found = finding('amounts')
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

/** Every charge and refund counts in exactly the case that the rules give it, all others in none. */
function checkLinks(database: Readable, accountId: number): Check {
  const found = finding('links')
  const lookups = linkLookups(database, accountId)
  const rows = database
    .prepare<[number], LinkRow>(`SELECT ${linkColumns} FROM credit_transactions WHERE account_id = ?`)
    .all(accountId)
  for (const row of rows) found.see(row.case_id !== caseOfRow(row, lookups), () => row.id)
  return found
}

/** Every job and every charge without one has its case, decided by the rules from its records, and there are no others. */
function checkCases(database: Readable, accountId: number, now: number): Check {
  const found = finding('cases')
  const context = caseContext(database, accountId, now)
  type Row = {
    case_id: number
    agent: string | null
    kind: string | null
    model: string | null
    refund_status: string
    reason: string
    outcome: string
    charged: number
    refunded: number
    since: number
    deadline_at: number | null
    due_at: number | null
    unread: string
  }
  const rows = database
    .prepare<[number], Row>(
      `SELECT c.*, g.agent, g.kind, g.model, g.outcome, g.refund_status FROM refund_cases c
       JOIN case_facets g ON g.facet_id = c.facet_id AND g.account_id = c.account_id WHERE c.account_id = ?`,
    )
    .all(accountId)
  for (const row of rows) {
    const facts = caseFacts(database, row.case_id)
    if (!facts) {
      found.see(true, () => describeCase(database, row.case_id))
      continue
    }
    const verdict = decideRefundStatus(facts, context.policy, context.readUntil, now)
    const waitsToBeFlipped = row.due_at !== null && row.due_at < now
    const sameCredits = row.charged === facts.charged && row.refunded === facts.refunded
    const sameRecord =
      row.outcome === facts.outcome && row.agent === facts.agent && row.kind === facts.kind && row.model === facts.model
    const sameVerdict =
      row.refund_status === verdict.status &&
      row.reason === verdict.reason &&
      row.since === verdict.since &&
      row.deadline_at === verdict.deadlineAt &&
      row.due_at === verdict.dueAt &&
      row.unread === verdict.unread.join(' ')
    found.see(!sameCredits || !sameRecord || !(sameVerdict || waitsToBeFlipped), () =>
      describeCase(database, row.case_id),
    )
  }
  const without = scalar<[number, number], number>(
    database,
    `SELECT row_id * 2 FROM jobs WHERE account_id = ? AND row_id * 2 NOT IN (SELECT case_id FROM refund_cases)
     UNION
     SELECT case_id FROM credit_transactions
     WHERE account_id = ? AND case_id IS NOT NULL AND case_id NOT IN (SELECT case_id FROM refund_cases)`,
  ).all(accountId, accountId)
  for (const caseId of without) found.see(true, () => describeCase(database, caseId))
  return found
}

/** The name of a case, or its id where its record is gone. */
function describeCase(database: Readable, caseId: number): string {
  const name = caseName(database, caseId)
  return /:./.test(name) ? name : `case ${caseId}`
}

/** What the cases owe is what their ledger rows say: Σ outstanding = Σ charged − Σ given back. */
function checkConservation(database: Readable, accountId: number): Check {
  const found = finding('conservation')
  const owed = scalar<[number], number>(
    database,
    'SELECT coalesce(sum(charged - refunded), 0) FROM refund_cases WHERE account_id = ?',
  ).get(accountId)
  const inLedger = scalar<[number], number>(
    database,
    `SELECT coalesce(sum(-amount), 0) FROM credit_transactions
     WHERE account_id = ? AND case_id IS NOT NULL AND retracted_at IS NULL`,
  ).get(accountId)
  found.see(owed !== inLedger, () => `${owed} ≠ ${inLedger}`)
  return found
}

function checkResults(database: Readable): Check {
  const found = finding('results')
  const rows = statement<[], { id: string; result_count: number; stored: number; last: number | null }>(
    database,
    `SELECT id, result_count, (SELECT count(*) FROM results WHERE job_row_id = row_id) AS stored,
       (SELECT max(position) FROM results WHERE job_row_id = row_id) AS last FROM jobs`,
  ).iterate()
  for (const row of rows) {
    found.see(row.stored !== row.result_count || (row.last ?? -1) + 1 !== row.result_count, () => row.id)
  }
  return found
}

/** Every job can be found by what it says, and the index knows nothing else. */
function checkSearchIndex(database: Readable): Check {
  const found = finding('search_index')
  for (const problem of checkSearch(database)) found.see(problem !== null, () => problem ?? '')
  return found
}

/** Every counter and every sum is what the records add up to. */
function checkCounters(database: Readable): Check {
  const found = finding('counters')
  for (const problem of checkSums(database)) found.see(problem !== null, () => problem ?? '')
  return found
}

/** A case is dismissed where its mark says so, and nowhere else. Marks of cases that are not here wait for them. */
function checkMarks(database: Readable, accountId: number): Check {
  const found = finding('marks')
  const dismissed = statement<[number], { case_id: number; dismissed_at: number }>(
    database,
    'SELECT case_id, dismissed_at FROM refund_cases WHERE account_id = ? AND dismissed_at IS NOT NULL',
  ).all(accountId)
  const dismissedAt = new Map(dismissed.map((row) => [row.case_id, row.dismissed_at]))
  const marks = statement<[number], { case_name: string; dismissed_at: number | null }>(
    database,
    'SELECT case_name, dismissed_at FROM marks WHERE account_id = ?',
  ).all(accountId)
  for (const mark of marks) {
    const caseId = caseIdOf(database, accountId, mark.case_name)
    const here = caseId !== null && caseFacts(database, caseId) !== null
    found.see(here && (dismissedAt.get(caseId) ?? null) !== mark.dismissed_at, () => mark.case_name)
    if (caseId !== null) dismissedAt.delete(caseId)
  }
  for (const caseId of dismissedAt.keys()) found.see(true, () => describeCase(database, caseId))
  return found
}
