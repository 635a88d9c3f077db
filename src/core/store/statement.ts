/** Prepared statements for all tables, and SQL with one named parameter per column. */
import type { Statement } from 'better-sqlite3'
import type { Readable } from './handles.ts'

type Prepared = Map<string, Statement>
const rowStatements = new WeakMap<Readable, Prepared>()
const valueStatements = new WeakMap<Readable, Prepared>()

/** Prepares a statement once per connection. `Parameters` and `Row` are the types of its parameters and rows. */
export const statement = <Parameters extends unknown[], Row = unknown>(database: Readable, sql: string) =>
  cached(rowStatements, database, sql, (text) => database.prepare(text)) as unknown as Statement<Parameters, Row>

/** Like `statement`, for SQL with one column: returns values instead of rows. */
export const scalar = <Parameters extends unknown[], Value>(database: Readable, sql: string) =>
  cached(valueStatements, database, sql, (text) => database.prepare(text).pluck()) as unknown as Statement<
    Parameters,
    Value
  >

/**
 * SQLite plans a statement by the values that are compared for equality or limit it, and so anew for each run, which often takes
 * longer than the run. A plus before a value changes nothing, but keeps the value from the planner.
 */
const plannedOnce = (sql: string): string => sql.replaceAll(/(?<=\b(?:IS|LIMIT) |= )(?=[@?])/g, '+')

function cached(
  connections: WeakMap<Readable, Prepared>,
  database: Readable,
  sql: string,
  prepare: (text: string) => Statement,
): Statement {
  const statements = connections.get(database) ?? new Map<string, Statement>()
  connections.set(database, statements)
  const found = statements.get(sql) ?? prepare(plannedOnce(sql))
  statements.set(sql, found)
  return found
}

/** The name of the value for a column: `jobId` for `job_id`. */
const valueNameOf = (column: string): string => column.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
const parameterOf = (column: string): string => `@${valueNameOf(column)}`

/** The named parameters of columns, as a list of SQL. */
export const parametersOf = (columns: readonly string[]): string => columns.map(parameterOf).join(', ')

/** An insert with one named parameter per column. */
export const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${parametersOf(columns)})`

/**
 * Returns a function that inserts a row with one named value per column. For many rows: SQLite binds values a third faster by
 * position than by name.
 */
export function rowInserter(
  database: Readable,
  table: string,
  columns: readonly string[],
): (values: Readonly<Record<string, unknown>>) => void {
  const names = columns.map(valueNameOf)
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  const insert = statement<unknown[]>(database, sql)
  return (values) => {
    insert.run(...names.map((name) => values[name]))
  }
}

/** The assignments of an update with one named parameter per column. */
export const assignments = (columns: readonly string[]): string =>
  columns.map((column) => `${column} = ${parameterOf(column)}`).join(', ')
