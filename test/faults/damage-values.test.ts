/** Wrong values that SQLite passes on without an error, as a wrong byte in the header of a row makes them. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'

const folder = temporaryFolder()
const source = join(folder.path, 'whole')
const data = join(folder.path, 'data')
beforeAll(() => fillFolder(source, 50, { hasImports: true }))
afterAll(() => folder.remove())

function copyWhole(): void {
  rmSync(data, { recursive: true, force: true })
  mkdirSync(data)
  copyFileSync(join(source, 'carat.db'), join(data, 'carat.db'))
}

/** Writes the definition of a table into the schema without any check. */
function define(table: string, sql: string): void {
  const database = new Database(join(data, 'carat.db'))
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(sql, table)
  database.pragma(`schema_version = ${(database.pragma('schema_version', { simple: true }) as number) + 1}`)
  database.close()
}

/** Empties a column that the schema does not allow to be empty. */
function empty(table: string, column: string): void {
  const before = new Database(join(data, 'carat.db'), { readonly: true })
  const sql = before
    .prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?')
    .pluck()
    .get(table) as string
  before.close()
  define(table, sql.replace(new RegExp(`(\\b${column} \\w+) NOT NULL`), '$1'))
  const open = new Database(join(data, 'carat.db'))
  open.exec(`UPDATE ${table} SET ${column} = NULL`)
  open.close()
  define(table, sql)
}

it.each([
  [['undo', '1'], 'credit_transactions', 'amount'],
  [['refunds', '--json'], 'refund_cases', 'unread'],
] as const)('says on %j that the database is damaged if %s.%s is empty', async (command, table, column) => {
  copyWhole()
  expect(await runCliHere([...command, '--data', data])).toMatchObject({ code: 0, err: '' })
  copyWhole()
  empty(table, column)
  const { code, err } = await runCliHere([...command, '--data', data])
  expect(code).toBe(1)
  expect(err).toMatch(new RegExp(`^The database in ${data} is damaged`))
})
