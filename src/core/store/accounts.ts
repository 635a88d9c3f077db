/** The table `accounts`: every sign-in that was synced on this computer. */
import type { Whereabouts } from '../../shared/views.ts'
import type { Policy } from '../domain/refund-status.ts'
import type { Account } from '../service/schemas.ts'
import type { Readable, Writable } from './handles.ts'
import type { AccountRow } from './schema/views.ts'
import { scalar, statement } from './statement.ts'

/** The account that was synced last; null before the first sync. */
export function activeAccount(database: Readable): AccountRow | null {
  const sql = 'SELECT * FROM v_accounts ORDER BY activeAt DESC, accountId DESC LIMIT 1'
  return statement<[], AccountRow>(database, sql).get() ?? null
}

/** Stores whether the user paused the sync of the active account. */
export function setSyncPaused(database: Writable, paused: boolean): void {
  const account = activeAccount(database)
  if (!account) return
  const sql = 'UPDATE accounts SET sync_paused = ? WHERE account_id = ?'
  statement<[number, number]>(database, sql).run(Number(paused), account.accountId)
}

/** Other sign-ins that were synced on this computer, the latest first. */
export function otherAccounts(database: Readable, current: AccountRow): Whereabouts['otherAccounts'] {
  const rows = statement<[number], AccountRow & { jobs: number }>(
    database,
    `SELECT v.*, (SELECT count(*) FROM jobs j WHERE j.account_id = v.accountId) AS jobs
     FROM v_accounts v WHERE v.accountId <> ? ORDER BY v.activeAt DESC`,
  ).all(current.accountId)
  return rows.map((row) => ({
    displayName: row.displayName,
    signInMethod: row.signInMethod,
    sameEmail: row.email !== null && row.email === current.email,
    jobs: row.jobs,
    lastSeenAt: row.activeAt,
  }))
}

export const policyOf = ({ refundGraceMs, generationLimitMs }: Policy): Policy => ({ refundGraceMs, generationLimitMs })

/** Stores the account as the service describes it, and makes it active. Another sign-in method is another account. */
export function saveAccount(
  database: Writable,
  account: Account,
  now: number,
): { accountId: number; policyChanged: boolean } {
  const before = statement<[string, string], AccountRow>(
    database,
    'SELECT * FROM v_accounts WHERE id = ? AND signInMethod = ?',
  ).get(account.id, account.signInMethod)
  const latest = scalar<[], number | null>(database, 'SELECT max(active_at) FROM accounts').get() as number
  const row: Omit<AccountRow, 'accountId' | 'syncPaused'> = {
    id: account.id,
    signInMethod: account.signInMethod,
    displayName: account.displayName,
    email: account.email,
    plan: account.plan,
    balance: account.balance,
    balanceAsOf: account.balanceAsOf,
    balances: JSON.stringify(account.balances),
    refundGraceMs: account.policy.refundGraceSeconds * 1000,
    generationLimitMs: account.policy.generationLimitSeconds * 1000,
    links: JSON.stringify(account.links),
    // A wall clock that was set back must not leave another account in front.
    activeAt: before && before.activeAt === latest ? Math.max(now, latest) : Math.max(now, (latest ?? 0) + 1),
    evaluatedAt: before?.evaluatedAt ?? now,
  }
  const accountId = scalar<[typeof row], number>(
    database,
    `INSERT INTO accounts (id, sign_in_method, display_name, email, plan, balance, balance_as_of, balances,
       refund_grace_ms, generation_limit_ms, links, active_at, evaluated_at)
     VALUES (@id, @signInMethod, @displayName, @email, @plan, @balance, @balanceAsOf, @balances,
       @refundGraceMs, @generationLimitMs, @links, @activeAt, @evaluatedAt)
     ON CONFLICT (id, sign_in_method) DO UPDATE SET display_name = excluded.display_name, email = excluded.email,
       plan = excluded.plan, balance = excluded.balance, balance_as_of = excluded.balance_as_of,
       balances = excluded.balances, refund_grace_ms = excluded.refund_grace_ms,
       generation_limit_ms = excluded.generation_limit_ms, links = excluded.links, active_at = excluded.active_at
     RETURNING account_id`,
  ).get(row) as number
  const policyChanged =
    before !== undefined &&
    (before.refundGraceMs !== row.refundGraceMs || before.generationLimitMs !== row.generationLimitMs)
  return { accountId, policyChanged }
}
