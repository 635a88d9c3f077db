/** Backups: a copy of the whole database, and the restore of `marks`, `match_decisions` and `support_cases` from one. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError, type ErrorCode, isUnwritableCode } from '../../../shared/errors.ts'
import type { Restored } from '../../../shared/views.ts'
import { dismissMarkedCases } from '../cases/marks.ts'
import { integrityProblems } from '../checks/file.ts'
import type { Readable, Writable } from '../handles.ts'
import { decideCharges } from '../matching/match-run.ts'
import { scalar, statement } from '../statement.ts'
import { openFile } from '../store.ts'
import { Damage, explainStoreError, isDamage } from './errors.ts'
import { renamePatiently } from './rename.ts'

/** Whether an error is about the data folder, and not about the file of a backup. */
const isOfFolder = (code: ErrorCode): boolean => isUnwritableCode(code) || code === 'data_folder_on_network'

/** The suffix of a copy that is not checked yet. */
const partial = '.part'

/**
 * Copies the database to `path` while it is in use. The copy replaces an existing file only after it was checked.
 * Throws `AppError`; with `backup_kept`, the checked copy stays under the name in the error.
 */
export async function writeBackup(database: Readable, path: string): Promise<void> {
  const temporary = path + partial
  // SQLite restarts a copy after each change of another connection, unless a read transaction hides these changes.
  const isReader = database.readonly
  if (isReader) database.exec('BEGIN; SELECT count(*) FROM accounts')
  try {
    await database.backup(temporary)
    const copy = new Database(temporary)
    try {
      // Without a write-ahead log, the copy is one file that can be moved anywhere.
      copy.pragma('journal_mode = DELETE')
      refuseDamagedPages(copy, temporary)
      for (const table of tablesOf(database)) {
        const count = `SELECT count(*) FROM ${table}`
        if (copy.prepare(count).pluck().get() !== database.prepare(count).pluck().get()) throw unreadable(temporary)
      }
    } finally {
      copy.close()
    }
  } catch (error) {
    rmSync(temporary, { force: true })
    // The caller adds the path of the data folder.
    if (isDamage(error)) throw error
    const [problem] = integrityProblems(database, 'quick_check')
    if (problem !== undefined) throw new Damage(problem)
    const explained = explainStoreError(error, path)
    if (explained instanceof AppError && !isOfFolder(explained.code)) throw explained
    throw new AppError('cannot_write_file', { path }, { cause: error })
  } finally {
    if (isReader) database.exec('COMMIT')
  }
  await renamePatiently(temporary, path).catch((error) => {
    throw new AppError('backup_kept', { path: temporary }, { cause: error })
  })
}

/** The tables of the schema, without the tables of SQLite and of the search index. */
const tablesOf = (database: Readable): string[] =>
  scalar<[], string>(
    database,
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`,
  ).all()

const unreadable = (path: string, cause?: unknown) => new AppError('backup_unreadable', { path }, { cause })

/** Checks every page of the file, or of one table. Throws `backup_unreadable`. */
export function refuseDamagedPages(database: Readable, path: string, table?: string): void {
  const [problem] = database.pragma(`quick_check${table ? `(${table})` : ''}`) as { quick_check: string }[]
  if (problem?.quick_check !== 'ok') throw unreadable(path)
}

/** Reads from a backup. Throws `backup_newer`, or `backup_unreadable` for a damaged or foreign file. */
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

/** Renames the intact copies in a folder that still have their temporary name, and removes the others. */
export async function finishBackups(folder: string): Promise<void> {
  for (const name of readdirSync(folder).filter((found) => found.endsWith(partial))) {
    const path = join(folder, name)
    try {
      checkBackup(path)
    } catch {
      // A killed process left an incomplete copy.
      rmSync(path)
      continue
    }
    // If another program still holds the file, the next backup tries again.
    await renamePatiently(path, path.slice(0, -partial.length)).catch(() => {})
  }
}

/** Checks the whole backup. Throws as `readBackup` does. */
export const checkBackup = (path: string): void => readBackup(path, (backup) => refuseDamagedPages(backup, path))

/** The columns of each table, as a backup of this schema version names them. */
export const columnsAt = (version: number) => ({
  accounts: `id, sign_in_method, display_name, email, plan, balance, balance_as_of, balances, refund_grace_ms,
    generation_limit_ms, links, active_at, evaluated_at`,
  marks: `case_name, favorite, unwanted, note, ${version < 2 ? 'settled_at AS ' : ''}dismissed_at, changed_at`,
  support_cases: 'state, cases, subject, text, remind_at, closed_by, created_at, changed_at',
  ...(version >= 11 && {
    match_decisions: 'charge_id, job_id, answer, decided_by, probability, version, decided_at',
  }),
})
type Table = keyof Required<ReturnType<typeof columnsAt>>
export type Row = Record<string, unknown>

/** The user's own data by account: marks, support diary and match decisions. */
export type Knowledge = { account: Row; marks: Row[]; messages: Row[]; decisions: Row[] }[]

function readKnowledge(path: string): Knowledge {
  return readBackup(path, (backup) => {
    const columns = columnsAt(backup.pragma('user_version', { simple: true }) as number)
    for (const table of Object.keys(columns)) refuseDamagedPages(backup, path, table)
    const all = (table: Table, accountId: unknown) =>
      backup.prepare(`SELECT ${columns[table]} FROM ${table} WHERE account_id = ?`).all(accountId) as Row[]
    const ids = scalar<[], number>(backup, 'SELECT account_id FROM accounts').all()
    return ids.map((id) => ({
      account: all('accounts', id)[0] as Row,
      marks: all('marks', id),
      messages: all('support_cases', id),
      decisions: columns.match_decisions ? all('match_decisions', id) : [],
    }))
  })
}

/**
 * Restores marks, match decisions and the support diary from a backup. If a mark or a decision is in both, the later change
 * wins; a diary entry that is in both stays as it is. Nothing else changes. One transaction. Throws as `readBackup` does.
 */
export function restoreKnowledge(database: Writable, path: string, now: number): Restored {
  try {
    return addKnowledge(database, readKnowledge(path), now)
  } catch (error) {
    const { code = '' } = error as { code?: string }
    throw code.startsWith('SQLITE_CONSTRAINT') ? unreadable(path, error) : error
  }
}

/** Adds the user's data from a backup, or from a damaged file, in one transaction. */
export function addKnowledge(database: Writable, knowledge: Knowledge, now: number): Restored {
  const restore = database.transaction((): Restored => {
    const restored = { marks: 0, messages: 0 }
    for (const { account, marks, messages, decisions } of knowledge) {
      const accountId = sameAccount(database, account)
      for (const mark of marks) restored.marks += restoreMark(database, accountId, mark)
      for (const message of messages) restored.messages += restoreMessage(database, accountId, message)
      const decided = decisions.filter((row) => restoreDecision(database, accountId, row) > 0)
      decideCharges(
        database,
        accountId,
        decided.map((row) => row.charge_id as string),
        now,
      )
      statement<[number]>(database, 'UPDATE refund_cases SET dismissed_at = NULL WHERE account_id = ?').run(accountId)
      dismissMarkedCases(database, accountId)
    }
    return restored
  })
  return restore.immediate()
}

/**
 * The account of the same sign-in, or the account to which it is joined; added if it is not stored. The active account stays active.
 */
export function sameAccount(database: Writable, account: Row): number {
  const find = scalar<[Row], number>(
    database,
    'SELECT coalesce(joined_to, account_id) FROM accounts WHERE id = @id AND sign_in_method = @sign_in_method',
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

const restoreDecision = (database: Writable, accountId: number, decision: Row): number =>
  insert(
    database,
    'match_decisions',
    { ...decision, account_id: accountId },
    `ON CONFLICT DO UPDATE SET answer = excluded.answer, decided_by = excluded.decided_by,
       probability = excluded.probability, version = excluded.version, decided_at = excluded.decided_at
     WHERE excluded.decided_at > match_decisions.decided_at`,
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
