import type { Statement } from 'better-sqlite3'
import type { Readable } from './store.ts'

type Prepared = Map<string, Statement>
const rowStatements = new WeakMap<Readable, Prepared>()
const valueStatements = new WeakMap<Readable, Prepared>()

/** Prepares a statement once per connection. `Parameters` and `Row` are what the SQL takes and gives. */
export const statement = <Parameters extends unknown[], Row = unknown>(database: Readable, sql: string) =>
  cached(rowStatements, database, sql, () => database.prepare(sql)) as unknown as Statement<Parameters, Row>

/** The same for SQL with one column: it gives bare values. */
export const scalar = <Parameters extends unknown[], Value>(database: Readable, sql: string) =>
  cached(valueStatements, database, sql, () => database.prepare(sql).pluck()) as unknown as Statement<Parameters, Value>

function cached(
  connections: WeakMap<Readable, Prepared>,
  database: Readable,
  sql: string,
  prepare: () => Statement,
): Statement {
  const statements = connections.get(database) ?? new Map<string, Statement>()
  connections.set(database, statements)
  const found = statements.get(sql) ?? prepare()
  statements.set(sql, found)
  return found
}

/** An insert with one named parameter per column. */
export const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`

/** The assignments of an update with one named parameter per column. */
export const assignments = (columns: readonly string[]): string =>
  columns.map((column) => `${column} = @${column}`).join(', ')
