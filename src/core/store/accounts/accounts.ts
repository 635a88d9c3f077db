/** The table `accounts`: every sign-in that was synced on this computer. */
import { AppError } from '../../../shared/errors.ts'
import type { Whereabouts } from '../../../shared/views.ts'
import { hourMs } from '../../domain/days.ts'
import type { Policy } from '../../domain/refund-status.ts'
import type { Account } from '../../service/schemas.ts'
import type { Readable, Writable } from '../handles.ts'
import type { AccountRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'

/** The sign-in method of accounts that only imports know. They have no plan, and only the balances of their tables. */
export const importedSignIn = 'imported'
const isOfService = `signInMethod <> '${importedSignIn}'`

export const isImported = ({ signInMethod }: Pick<AccountRow, 'signInMethod'>): boolean =>
  signInMethod === importedSignIn

/** The account that the screens show: the last that signed in, was imported or was chosen; null before the first. */
export const activeAccount = (database: Readable): AccountRow | null =>
  statement<[], AccountRow>(
    database,
    'SELECT * FROM v_accounts ORDER BY activeAt DESC, accountId DESC LIMIT 1',
  ).get() ?? null

/** The account that is synced, whichever the screens show; null before the first sync. */
export const syncedAccount = (database: Readable): AccountRow | null =>
  statement<[], AccountRow>(
    database,
    'SELECT * FROM v_accounts WHERE syncedAt IS NOT NULL ORDER BY syncedAt DESC, accountId DESC LIMIT 1',
  ).get() ?? null

/** The accounts that have records, or imports that can be redone; the active one first. */
export const listAccounts = (database: Readable): AccountRow[] =>
  statement<[], AccountRow>(
    database,
    `SELECT * FROM v_accounts v
     WHERE ${isOfService} OR EXISTS (SELECT 1 FROM import_batches b WHERE b.account_id = v.accountId)
     ORDER BY activeAt DESC, accountId DESC`,
  ).all()

/** The name of an account outside the database: its id, with the sign-in method if another account has the same id. */
export const nameOfAccount = ({ id, signInMethod }: AccountRow, all: readonly AccountRow[]): string =>
  all.some((other) => other.id === id && other.signInMethod !== signInMethod) ? `${id}/${signInMethod}` : id

/** The account with a name, or else the last shown account with that id; null if there is none. */
export function accountNamed(database: Readable, name: string): AccountRow | null {
  const all = listAccounts(database)
  return all.find((account) => nameOfAccount(account, all) === name) ?? all.find(({ id }) => id === name) ?? null
}

/** Like `accountNamed`, but throws `account_unknown`. */
export function findAccount(database: Readable, name: string): AccountRow {
  const account = accountNamed(database, name)
  if (!account) throw new AppError('account_unknown', { id: name, accounts: namesOfAccounts(database) })
  return account
}

/** An account of imports that is joined to another. Throws `account_not_joined`. */
export function findJoinedAccount(database: Readable, id: string): AccountRow {
  const account = statement<[string], AccountRow>(
    database,
    'SELECT v.* FROM v_accounts v JOIN accounts a ON a.account_id = v.accountId WHERE a.id = ? AND a.joined_to IS NOT NULL',
  ).get(id)
  if (!account) throw new AppError('account_not_joined', { id })
  return account
}

/** The names of all accounts, for a message. */
export function namesOfAccounts(database: Readable): string {
  const all = listAccounts(database)
  return all.map((account) => nameOfAccount(account, all)).join(', ')
}

/** The number of jobs and ledger rows of an account. */
export function countRecords(database: Readable, accountId: number): { jobs: number; transactions: number } {
  const count = (table: 'jobs' | 'credit_transactions') =>
    scalar<[number], number>(database, `SELECT count(*) FROM ${table} WHERE account_id = ?`).get(accountId) as number
  return { jobs: count('jobs'), transactions: count('credit_transactions') }
}

export const accountOf = (database: Readable, accountId: number): AccountRow =>
  statement<[number], AccountRow>(database, 'SELECT * FROM v_accounts WHERE accountId = ?').get(accountId) as AccountRow

/** Lets the screens show only this account. */
export function showAccount(database: Writable, accountId: number, now: number): void {
  statement<[object]>(
    database,
    `UPDATE accounts SET active_at = max(@now, (SELECT max(active_at) + 1 FROM accounts)) WHERE account_id = @accountId`,
  ).run({ accountId, now })
  statement(database, 'UPDATE account_view SET shows_all = 0').run()
}

/** The waits of an account without a service, equal to those of the sample account. */
const importedPolicy: Policy = { refundGraceMs: 24 * hourMs, generationLimitMs: hourMs }

/** Creates an account for imports and returns its row id. Screens show a name from the locale files. */
export function createImportedAccount(database: Writable, now: number): number {
  const ids = new Set(
    scalar<[string], string>(database, 'SELECT id FROM accounts WHERE sign_in_method = ?').all(importedSignIn),
  )
  // Numbers may have gaps, because an earlier account may have been deleted.
  let id = 'my-history'
  for (let number = 2; ids.has(id); number++) id = `my-history-${number}`
  const { lastInsertRowid } = statement<[object]>(
    database,
    `INSERT INTO accounts (id, sign_in_method, display_name, plan, balance, balance_as_of, balances, refund_grace_ms,
       generation_limit_ms, links, active_at, evaluated_at)
     VALUES (@id, @signInMethod, 'My history', '', 0, 0, '[]', @refundGraceMs, @generationLimitMs, '{}', @now, @now)`,
  ).run({
    ...importedPolicy,
    id,
    signInMethod: importedSignIn,
    now,
  })
  return Number(lastInsertRowid)
}

/** Stores whether the user paused the sync of the synced account. */
export function setSyncPaused(database: Writable, paused: boolean): void {
  const account = syncedAccount(database)
  if (!account) return
  const sql = 'UPDATE accounts SET sync_paused = ? WHERE account_id = ?'
  statement<[number, number]>(database, sql).run(Number(paused), account.accountId)
}

/** The user's other accounts, in the order in which they were last shown, newest first. */
export function otherAccounts(database: Readable, current: AccountRow): Whereabouts['otherAccounts'] {
  const rows = statement<[number], AccountRow & { jobs: number }>(
    database,
    `SELECT v.*, (SELECT count(*) FROM jobs j WHERE j.account_id = v.accountId) AS jobs
     FROM v_accounts v WHERE v.accountId <> ? AND NOT v.isSample ORDER BY v.activeAt DESC`,
  ).all(current.accountId)
  const all = listAccounts(database)
  const listed = rows.filter(({ accountId }) => all.some((account) => account.accountId === accountId))
  return listed.map((row) => ({
    account: nameOfAccount(row, all),
    isImported: isImported(row),
    displayName: row.displayName,
    signInMethod: row.signInMethod,
    sameEmail: row.email !== null && row.email === current.email,
    jobs: row.jobs,
    lastSeenAt: row.activeAt,
  }))
}

export const policyOf = ({ refundGraceMs, generationLimitMs }: Policy): Policy => ({ refundGraceMs, generationLimitMs })

/**
 * Stores the account as the service describes it, or the sandbox if `isSample`, and makes it active. The same id with
 * another sign-in method is another account.
 */
export function saveAccount(
  database: Writable,
  account: Account,
  now: number,
  isSample = false,
): { accountId: number; policyChanged: boolean } {
  const before = statement<[string, string], AccountRow>(
    database,
    'SELECT * FROM v_accounts WHERE id = ? AND signInMethod = ?',
  ).get(account.id, account.signInMethod)
  const latest = statement<[], { active: number | null; synced: number | null }>(
    database,
    'SELECT max(active_at) AS active, max(synced_at) AS synced FROM accounts',
  ).get() as { active: number | null; synced: number | null }
  const isStillSynced = before !== undefined && syncedAccount(database)?.accountId === before.accountId
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
    // A synced account stays behind if the user shows another one. A clock that was set back must not hide a new account.
    activeAt: isStillSynced ? sameRank(before, latest.active as number, now) : Math.max(now, (latest.active ?? 0) + 1),
    syncedAt: isStillSynced ? before.syncedAt : Math.max(now, (latest.synced ?? 0) + 1),
    evaluatedAt: before?.evaluatedAt ?? now,
    isSample: Number(isSample),
  }
  const accountId = scalar<[typeof row], number>(
    database,
    `INSERT INTO accounts (id, sign_in_method, display_name, email, plan, balance, balance_as_of, balances,
       refund_grace_ms, generation_limit_ms, links, active_at, synced_at, evaluated_at, is_sample)
     VALUES (@id, @signInMethod, @displayName, @email, @plan, @balance, @balanceAsOf, @balances,
       @refundGraceMs, @generationLimitMs, @links, @activeAt, @syncedAt, @evaluatedAt, @isSample)
     ON CONFLICT (id, sign_in_method) DO UPDATE SET display_name = excluded.display_name, email = excluded.email,
       plan = excluded.plan, balance = excluded.balance, balance_as_of = excluded.balance_as_of,
       balances = excluded.balances, refund_grace_ms = excluded.refund_grace_ms,
       generation_limit_ms = excluded.generation_limit_ms, links = excluded.links, active_at = excluded.active_at,
       synced_at = excluded.synced_at, is_sample = excluded.is_sample
     RETURNING account_id`,
  ).get(row) as number
  const policyChanged =
    before !== undefined &&
    (before.refundGraceMs !== row.refundGraceMs || before.generationLimitMs !== row.generationLimitMs)
  return { accountId, policyChanged }
}

/** The new time of activity of an account that stays first or behind as it was. */
const sameRank = ({ activeAt }: AccountRow, latest: number, now: number): number =>
  activeAt === latest ? Math.max(now, latest) : activeAt
