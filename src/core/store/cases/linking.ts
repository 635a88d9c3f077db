/**
 * The links of `credit_transactions` to their cases: the look-ups of the linking rules, and the rows that they move.
 */
import type { Agent } from '../../../shared/values.ts'
import { mayRefund } from '../../domain/ledger.ts'
import { caseOfCharge, caseOfRefund, isUnnamedRefund, type LinkLookups } from '../../domain/linking.ts'
import type { Readable, Writable } from '../handles.ts'
import { jobRowIds } from '../jobs/job-row-ids.ts'
import { isCaseOfCharge } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { isLinkedKind, isUnnamed, type LeadingRow, type LinkRow, rowsFollowing, rowsOfNewJobs } from './link-rows.ts'
import { chargeForJob } from './near-jobs.ts'

/** The moved rows and the cases that they leave and join. */
export interface LinkChanges {
  /** Rows that moved to another case, with the case that they count in now. */
  relinkedCredits: LinkRow[]
  /** Cases to decide again. */
  cases: Set<number>
}

/** A row that gave credits back for a job, in the order of rule L11. */
interface GivenRow {
  rowId: number
  occurredAt: number
  agent: Agent | null
  caseId: number | null
}

/** A row of a chain of rows that reverse each other. */
interface ChainRow {
  rowId: number
  kind: string
  reverses: string | null
  unnamed: number
}

/** The look-ups over the stored records, which follow the rows that `moveToCase` moves. */
export interface StoredLookups extends LinkLookups {
  moved(row: LinkRow, caseId: number | null): void
}

/**
 * The look-ups of the linking rules over the stored records of one account. The jobs of `jobIds` are read at once, and the rows
 * that name a job are cached.
 */
export function linkLookups(database: Readable, accountId: number, jobIds: readonly string[]): StoredLookups {
  const readAtOnce = new Set(jobIds)
  const jobRowId = jobRowIds(database, accountId, [...readAtOnce])
  const job = scalar<[object], number>(
    database,
    'SELECT row_id FROM jobs WHERE account_id = @accountId AND agent = @agent AND id = @jobId',
  )
  const caseOf = statement<[number], { caseId: number | null }>(
    database,
    'SELECT case_id AS caseId FROM credit_transactions WHERE row_id = ?',
  )
  const given = statement<[object], GivenRow>(
    database,
    `SELECT row_id AS rowId, occurred_at AS occurredAt, agent, case_id AS caseId FROM credit_transactions t
     WHERE account_id = @accountId AND job_id = @jobId AND kind <> 'charge' AND ${isLinkedKind} AND amount > 0 AND NOT EXISTS (
       SELECT 1 FROM credit_transactions r WHERE r.account_id = @accountId AND r.id = t.reverses
         AND r.kind <> 'charge' AND r.${isLinkedKind})
     ORDER BY occurred_at, id`,
  )
  const chargeCase = scalar<[object], number>(
    database,
    `SELECT case_id FROM credit_transactions
     WHERE account_id = @accountId AND job_id = @jobId AND kind = 'charge' AND ${isCaseOfCharge('case_id')}
       AND (agent = @agent OR agent IS NULL OR @agent IS NULL) ORDER BY occurred_at, id LIMIT 1`,
  )
  const rootOf = chainRoots(database, accountId)
  const givenRows = new Map<string, GivenRow[]>()
  const chargeCases = new Map<string, Map<Agent | null, number | null>>()
  const sharedCharges = new Map<number, ReturnType<typeof chargeForJob>>()

  function givenOf(jobId: string): GivenRow[] {
    const known = givenRows.get(jobId) ?? given.all({ accountId, jobId })
    givenRows.set(jobId, known)
    return known
  }

  function chargeCasesOf(jobId: string): Map<Agent | null, number | null> {
    const known = chargeCases.get(jobId) ?? new Map<Agent | null, number | null>()
    chargeCases.set(jobId, known)
    return known
  }

  return {
    jobRowId: (agent, jobId) =>
      readAtOnce.has(jobId) ? jobRowId(agent, jobId) : (job.get({ accountId, agent, jobId }) ?? null),
    reversed({ reverses }) {
      const root = reverses === null ? null : rootOf(reverses)
      return root === null ? null : (caseOf.get(root) ?? null)
    },
    givenBefore(row) {
      const rows = row.jobId === null ? [] : givenOf(row.jobId)
      for (let index = rowsUntil(rows, row.occurredAt) - 1; index >= 0; index--) {
        const found = rows[index] as GivenRow
        if (found.agent === row.agent || found.agent === null || row.agent === null) return found
      }
      return null
    },
    chargeCaseNamingJob(jobId, agent) {
      const known = chargeCasesOf(jobId)
      if (!known.has(agent)) known.set(agent, chargeCase.get({ accountId, jobId, agent }) ?? null)
      return known.get(agent) ?? null
    },
    chargeForJob(jobRowId) {
      if (!sharedCharges.has(jobRowId)) sharedCharges.set(jobRowId, chargeForJob(database, accountId, jobRowId))
      return sharedCharges.get(jobRowId) ?? null
    },
    moved(row, caseId) {
      if (row.jobId === null) return
      if (row.kind === 'charge') chargeCases.delete(row.jobId)
      const rows = (row.amount > 0 && givenRows.get(row.jobId)) || []
      for (let index = rowsUntil(rows, row.occurredAt) - 1; index >= 0; index--) {
        const found = rows[index] as GivenRow
        if (found.rowId === row.rowId) found.caseId = caseId
        if (found.rowId === row.rowId || found.occurredAt < row.occurredAt) return
      }
    },
  }
}

/**
 * Finds the row id of the charge at the end of the chain of `reverses` that begins with a row, or of the last row that we
 * have; null if we have none, if that row names nothing, or if rows reverse each other. Walks each chain once.
 */
function chainRoots(database: Readable, accountId: number): (id: string) => number | null {
  const byId = statement<[object], ChainRow>(
    database,
    `SELECT row_id AS rowId, kind, reverses, ${isUnnamed} AS unnamed FROM credit_transactions
     WHERE account_id = @accountId AND id = @id AND ${isLinkedKind}`,
  )
  const roots = new Map<string, number | null>()
  return (id) => {
    const chain = new Set<string>()
    let root: number | null = null
    for (let next: string | null = id; next !== null; ) {
      const known: number | null | undefined = chain.has(next) ? null : roots.get(next)
      if (known !== undefined) {
        root = known
        break
      }
      const row: ChainRow | undefined = byId.get({ accountId, id: next })
      if (!row) break
      chain.add(next)
      root = row.unnamed ? null : row.rowId
      next = row.kind === 'charge' ? null : row.reverses
    }
    for (const visited of chain) roots.set(visited, root)
    return root
  }
}

/** The number of rows up to and including `time` (epoch ms); `rows` are in order of time. */
function rowsUntil(rows: readonly GivenRow[], time: number): number {
  let from = 0
  let to = rows.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((rows[middle] as GivenRow).occurredAt <= time) from = middle + 1
    else to = middle
  }
  return from
}

/** The case in which the linking rules L1 to L8, L11 and L13 put a row; null if it counts in none. */
export function caseOfRow(row: LinkRow, lookups: LinkLookups): number | null {
  if (row.kind === 'charge') return caseOfCharge(row, lookups)
  return mayRefund(row.kind) ? caseOfRefund(row, lookups) : null
}

/**
 * Moves the charges that name jobs which just arrived, and the refunds that follow them, into the cases of the jobs. `agent1Ids` are
 * the ids among them that are of Agent 1.0.
 */
export const linkJobs = (
  database: Writable,
  accountId: number,
  jobIds: readonly string[],
  agent1Ids: readonly string[],
  changes: LinkChanges,
): void => linkTransactions(database, accountId, rowsOfNewJobs(database, accountId, jobIds, agent1Ids), changes)

/**
 * Moves each row into its case: charges first, because refunds follow charges, then the rows that depend on them. `linked` are
 * new rows that are in their cases already. Adds the moved rows and cases to `changes`. Runs inside the caller's transaction.
 */
export function linkTransactions(
  database: Writable,
  accountId: number,
  rows: readonly LinkRow[],
  changes: LinkChanges,
  linked: readonly LinkRow[] = [],
): void {
  if (rows.length + linked.length === 0) return
  const named = rows.filter((row) => !isUnnamedRefund(row))
  const inPlace = [...linked, ...rows.filter(isUnnamedRefund)].map((row) => ({ row, caseId: row.caseId }))
  const lookups = linkLookups(
    database,
    accountId,
    named.flatMap(({ jobId }) => jobId ?? []),
  )
  const added = new Set(named.map(({ rowId }) => rowId))
  const passed = new Set<number>()
  let round = [
    ...named.filter(({ kind }) => kind === 'charge'),
    ...named.filter(({ kind }) => kind !== 'charge'),
    ...rowsFollowing(database, accountId, inPlace).filter(({ rowId }) => !added.has(rowId)),
  ]
  while (round.length > 0) {
    const leading: LeadingRow[] = []
    for (const row of round) {
      const caseId = caseOfRow(row, lookups)
      const moved = moveToCase(database, row, caseId, changes)
      if (moved) lookups.moved(row, caseId)
      // If the chain of a row has no end any more, the row may stay while those that reverse it move.
      const isEnd = row.reverses !== null && !passed.has(row.rowId) && lookups.reversed(row) === null
      if (isEnd) passed.add(row.rowId)
      // Rows that follow a new row may have arrived before it.
      if (added.delete(row.rowId) || moved || isEnd) leading.push({ row, caseId })
    }
    round = rowsFollowing(database, accountId, leading)
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
