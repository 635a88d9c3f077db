/** The triggers, which projections/totals.ts owns, and the views. Both are derived: every open asserts them again. */
import type Database from 'better-sqlite3'
import { totalTriggers } from '../projections/totals.ts'
import { views } from './views.ts'

const statements: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(totalTriggers).map(([name, body]) => [name, `CREATE TRIGGER ${name} ${body}`]),
  ...Object.entries(views).map(([name, select]) => [name, `CREATE VIEW ${name} AS ${select}`]),
])

/** Brings the triggers and views of a migrated file in step with this version of the app, in one transaction. */
export function assertDerivedSchema(database: Database.Database): void {
  const found = database
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')`,
    )
    .all()
  const stale = found.filter(({ name, sql }) => statements[name] !== sql)
  const kept = new Set(found.filter((entry) => !stale.includes(entry)).map(({ name }) => name))
  const missing = Object.entries(statements).filter(([name]) => !kept.has(name))
  if (stale.length === 0 && missing.length === 0) return
  database
    .transaction(() => {
      for (const { type, name } of stale) database.exec(`DROP ${type} ${name}`)
      for (const [, sql] of missing) database.exec(sql)
    })
    .immediate()
}
