/** The table `match_offers`: the charges that wait for a decision of the user, since matching offers results for them. */
import type { Agent } from '../../../shared/values.ts'
import { firstRowId, rowIdOfCase } from '../../domain/ledger.ts'
import type { Session } from '../../domain/matching/sessions.ts'
import type { Readable, Writable } from '../handles.ts'
import type { CaseRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'

/** Replaces the charges of a session that wait for a decision. */
export function saveOffers(
  database: Writable,
  accountId: number,
  { from, to }: Session,
  chargeIds: readonly string[],
): void {
  statement<[object]>(
    database,
    'DELETE FROM match_offers WHERE account_id = @accountId AND row_id >= @from AND row_id < @below',
  ).run({ accountId, from: firstRowId(from), below: firstRowId(to) })
  statement<[object]>(
    database,
    `INSERT INTO match_offers (account_id, row_id) SELECT t.account_id, t.row_id FROM json_each(@ids) i
       CROSS JOIN credit_transactions t ON t.account_id = @accountId AND t.id = i.value`,
  ).run({ accountId, ids: JSON.stringify(chargeIds) })
}

/** Removes the offers of an account that has no results of folders. */
export function removeOffers(database: Writable, accountId: number): void {
  statement<[number]>(database, 'DELETE FROM match_offers WHERE account_id = ?').run(accountId)
}

/** The cases that wait for a decision, newest first, with case ids below `before`. */
export const listOffered = (
  database: Readable,
  accounts: readonly number[],
  agent: Agent | undefined,
  before: number,
  limit: number,
): CaseRow[] =>
  accounts
    .flatMap((accountId) => offeredIn(database, accountId, agent, before, limit))
    .sort((a, b) => b.caseId - a.caseId)
    .slice(0, limit)

const offeredIn = (
  database: Readable,
  accountId: number,
  agent: Agent | undefined,
  before: number,
  limit: number,
): CaseRow[] =>
  statement<[object], CaseRow>(
    database,
    `SELECT v.* FROM match_offers w CROSS JOIN v_cases v ON v.caseId = w.row_id * 2 + 1
     WHERE w.account_id = @accountId AND w.row_id < @below AND (@agent IS NULL OR v.agent = @agent)
     ORDER BY w.row_id DESC LIMIT @limit`,
  ).all({ accountId, agent: agent ?? null, below: rowIdOfCase(before), limit })

/** The number of charges that wait for a decision; `agent` counts those that name this one. */
export function countOffered(database: Readable, accounts: readonly number[], agent: Agent | undefined): number {
  const count = scalar<[object], number>(
    database,
    agent === undefined
      ? 'SELECT count(*) FROM match_offers WHERE account_id = @accountId'
      : `SELECT count(*) FROM match_offers w CROSS JOIN v_cases v ON v.caseId = w.row_id * 2 + 1
         WHERE w.account_id = @accountId AND v.agent = @agent`,
  )
  return accounts.reduce((sum, accountId) => sum + (count.get({ accountId, ...(agent && { agent }) }) ?? 0), 0)
}
