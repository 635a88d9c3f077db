import type { Whereabouts } from '../../shared/views.ts'
import type { Policy } from '../domain/refund-status.ts'
import type { Account } from '../service/schemas.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

export interface AccountRow {
  account_id: number
  id: string
  sign_in_method: string
  display_name: string
  email: string | null
  plan: string
  balance: number
  balance_as_of: number
  balances: string
  refund_grace_ms: number
  generation_limit_ms: number
  links: string
  active_at: number
  evaluated_at: number
  /** 1 while the user wants it left alone. */
  sync_paused: number
}

/** The account that was synced last; null before the first sync. */
export function activeAccount(database: Readable): AccountRow | null {
  const sql = 'SELECT * FROM accounts ORDER BY active_at DESC, account_id DESC LIMIT 1'
  return statement<[], AccountRow>(database, sql).get() ?? null
}

/** Remembers that the active account is left alone until the user says otherwise. */
export function setSyncPaused(database: Writable, paused: boolean): void {
  const account = activeAccount(database)
  if (!account) return
  const sql = 'UPDATE accounts SET sync_paused = ? WHERE account_id = ?'
  statement<[number, number]>(database, sql).run(Number(paused), account.account_id)
}

/** Other sign-ins that were synced on this computer, the latest first. */
export function otherAccounts(database: Readable, current: AccountRow): Whereabouts['otherAccounts'] {
  const rows = statement<[number], AccountRow & { jobs: number }>(
    database,
    `SELECT *, (SELECT count(*) FROM jobs WHERE jobs.account_id = accounts.account_id) AS jobs
     FROM accounts WHERE account_id <> ? ORDER BY active_at DESC`,
  ).all(current.account_id)
  return rows.map((row) => ({
    displayName: row.display_name,
    signInMethod: row.sign_in_method,
    sameEmail: row.email !== null && row.email === current.email,
    jobs: row.jobs,
    lastSeenAt: row.active_at,
  }))
}

export const policyOf = (row: Pick<AccountRow, 'refund_grace_ms' | 'generation_limit_ms'>): Policy => ({
  refundGraceMs: row.refund_grace_ms,
  generationLimitMs: row.generation_limit_ms,
})

/** Saves what the service says of the account and makes it the active one. A sign-in by another method is another account. */
export function saveAccount(
  database: Writable,
  account: Account,
  now: number,
): { accountId: number; policyChanged: boolean } {
  const before = statement<[string, string], AccountRow>(
    database,
    'SELECT * FROM accounts WHERE id = ? AND sign_in_method = ?',
  ).get(account.id, account.signInMethod)
  const latest = scalar<[], number | null>(database, 'SELECT max(active_at) FROM accounts').get() as number
  const row: Omit<AccountRow, 'account_id' | 'sync_paused'> = {
    id: account.id,
    sign_in_method: account.signInMethod,
    display_name: account.displayName,
    email: account.email,
    plan: account.plan,
    balance: account.balance,
    balance_as_of: account.balanceAsOf,
    balances: JSON.stringify(account.balances),
    refund_grace_ms: account.policy.refundGraceSeconds * 1000,
    generation_limit_ms: account.policy.generationLimitSeconds * 1000,
    links: JSON.stringify(account.links),
    // A wall clock that was set back must not leave another account in front.
    active_at: before && before.active_at === latest ? Math.max(now, latest) : Math.max(now, (latest ?? 0) + 1),
    evaluated_at: before?.evaluated_at ?? now,
  }
  const accountId = scalar<[typeof row], number>(
    database,
    `INSERT INTO accounts (id, sign_in_method, display_name, email, plan, balance, balance_as_of, balances,
       refund_grace_ms, generation_limit_ms, links, active_at, evaluated_at)
     VALUES (@id, @sign_in_method, @display_name, @email, @plan, @balance, @balance_as_of, @balances,
       @refund_grace_ms, @generation_limit_ms, @links, @active_at, @evaluated_at)
     ON CONFLICT (id, sign_in_method) DO UPDATE SET display_name = excluded.display_name, email = excluded.email,
       plan = excluded.plan, balance = excluded.balance, balance_as_of = excluded.balance_as_of,
       balances = excluded.balances, refund_grace_ms = excluded.refund_grace_ms,
       generation_limit_ms = excluded.generation_limit_ms, links = excluded.links, active_at = excluded.active_at
     RETURNING account_id`,
  ).get(row) as number
  const policyChanged =
    before !== undefined &&
    (before.refund_grace_ms !== row.refund_grace_ms || before.generation_limit_ms !== row.generation_limit_ms)
  return { accountId, policyChanged }
}
