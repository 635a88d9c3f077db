import { renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'
import type { Restored } from '../../shared/views.ts'
import { explainStoreError } from './errors.ts'
import { dismissMarkedCases } from './marks.ts'
import { scalar, statement } from './statement.ts'
import { openFile, type Readable, type Writable } from './store.ts'

/**
 * Copies the database to `path` while it goes on being used; the copy counts only once it was read back, and an existing
 * file stays until then. Throws `AppError`.
 */
export async function writeBackup(database: Readable, path: string): Promise<void> {
  const temporary = `${path}.part`
  // Beside another writer a copy would begin anew with each of its changes: a read transaction stands still.
  const still = database.readonly
  if (still) database.exec('BEGIN; SELECT count(*) FROM accounts')
  try {
    await database.backup(temporary)
    const copy = new Database(temporary)
    try {
      // One file without a log beside it can be taken anywhere.
      copy.pragma('journal_mode = DELETE')
      checkPages(copy, temporary)
      for (const table of tablesOf(database)) {
        const count = `SELECT count(*) FROM ${table}`
        if (copy.prepare(count).pluck().get() !== database.prepare(count).pluck().get()) throw unreadable(temporary)
      }
    } finally {
      copy.close()
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    const explained = explainStoreError(error, path)
    if (explained instanceof AppError && explained.code !== 'data_folder_not_writable') throw explained
    throw new AppError('cannot_write_file', { path }, { cause: error })
  } finally {
    if (still) database.exec('COMMIT')
  }
}

/** Tables with rows of their own: those of an index are checked with the pages of the file. */
const tablesOf = (database: Readable): string[] =>
  scalar<[], string>(
    database,
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`,
  ).all()

const unreadable = (path: string, cause?: unknown) => new AppError('backup_unreadable', { path }, { cause })

/** Every page of the file, or of one table of it, can be read. */
function checkPages(database: Readable, path: string, table?: string): void {
  const [problem] = database.pragma(`quick_check${table ? `(${table})` : ''}`) as { quick_check: string }[]
  if (problem?.quick_check !== 'ok') throw unreadable(path)
}

/** Reads from a backup. Throws `backup_newer`, or `backup_unreadable` for a file that is damaged or none of ours. */
export function readBackup<T>(path: string, read: (backup: Readable) => T): T {
  let backup: Readable | null = null
  try {
    backup = openFile(path)
    if (backup.pragma('user_version', { simple: true }) === 0) throw unreadable(path)
    return read(backup)
  } catch (error) {
    if (error instanceof AppError && error.code === 'database_newer') {
      throw new AppError('backup_newer', { path }, { cause: error })
    }
    throw unreadable(path, error)
  } finally {
    backup?.close()
  }
}

/** The whole backup can be read. Throws as `readBackup` does. */
export const checkBackup = (path: string): void => readBackup(path, (backup) => checkPages(backup, path))

/** The columns of each table, as a backup of this schema version names them. */
const columnsAt = (version: number) => ({
  accounts: `id, sign_in_method, display_name, email, plan, balance, balance_as_of, balances, refund_grace_ms,
    generation_limit_ms, links, active_at, evaluated_at`,
  marks: `case_name, favorite, unwanted, note, ${version < 2 ? 'settled_at AS ' : ''}dismissed_at, changed_at`,
  support_cases: 'state, cases, subject, text, remind_at, closed_by, created_at, changed_at',
})
type Table = keyof ReturnType<typeof columnsAt>
type Row = Record<string, unknown>

/** What only the user knows, by account. */
function readKnowledge(path: string): { account: Row; marks: Row[]; messages: Row[] }[] {
  return readBackup(path, (backup) => {
    const columns = columnsAt(backup.pragma('user_version', { simple: true }) as number)
    for (const table of Object.keys(columns)) checkPages(backup, path, table)
    const all = (table: Table, accountId: unknown) =>
      backup.prepare(`SELECT ${columns[table]} FROM ${table} WHERE account_id = ?`).all(accountId) as Row[]
    const ids = scalar<[], number>(backup, 'SELECT account_id FROM accounts').all()
    return ids.map((id) => ({
      account: all('accounts', id)[0] as Row,
      marks: all('marks', id),
      messages: all('support_cases', id),
    }))
  })
}

/**
 * Brings back what only the user knows: marks and the support diary. Of a mark that is in both, the later change stands; an
 * entry that is in both stays as it is. Nothing else changes. One transaction; throws as `readBackup` does.
 */
export function restoreKnowledge(database: Writable, path: string): Restored {
  const knowledge = readKnowledge(path)
  const restore = database.transaction((): Restored => {
    const restored = { marks: 0, messages: 0 }
    for (const { account, marks, messages } of knowledge) {
      const accountId = sameAccount(database, account)
      for (const mark of marks) restored.marks += restoreMark(database, accountId, mark)
      for (const message of messages) restored.messages += restoreMessage(database, accountId, message)
      statement<[number]>(database, 'UPDATE refund_cases SET dismissed_at = NULL WHERE account_id = ?').run(accountId)
      dismissMarkedCases(database, accountId)
    }
    return restored
  })
  try {
    return restore.immediate()
  } catch (error) {
    const { code = '' } = error as { code?: string }
    throw code.startsWith('SQLITE_CONSTRAINT') ? unreadable(path, error) : error
  }
}

/** The account of the same sign-in, added where it is not known; the one in use stays the active one. */
function sameAccount(database: Writable, account: Row): number {
  const find = scalar<[Row], number>(
    database,
    'SELECT account_id FROM accounts WHERE id = @id AND sign_in_method = @sign_in_method',
  )
  const known = find.get(account)
  if (known !== undefined) return known
  const first = scalar<[], number>(database, 'SELECT count(*) FROM accounts').get() === 0
  insert(database, 'accounts', first ? account : { ...account, active_at: 0 })
  return find.get(account) as number
}

const restoreMark = (database: Writable, accountId: number, mark: Row): number =>
  insert(
    database,
    'marks',
    { ...mark, account_id: accountId },
    `ON CONFLICT DO UPDATE SET favorite = excluded.favorite, unwanted = excluded.unwanted, note = excluded.note,
       dismissed_at = excluded.dismissed_at, changed_at = excluded.changed_at WHERE excluded.changed_at > marks.changed_at`,
  )

function restoreMessage(database: Writable, accountId: number, message: Row): number {
  const row = { ...message, account_id: accountId }
  const known = scalar<[Row], number>(
    database,
    'SELECT 1 FROM support_cases WHERE account_id = @account_id AND created_at = @created_at AND text = @text',
  ).get(row)
  return known === undefined ? insert(database, 'support_cases', row) : 0
}

/** Inserts a row whose columns have the names of the schema. Returns how many rows that changed. */
function insert(database: Writable, table: Table, row: Row, onConflict = ''): number {
  const names = Object.keys(row)
  const sql = `INSERT INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()}) ${onConflict}`
  return statement<[Row]>(database, sql).run(row).changes
}
