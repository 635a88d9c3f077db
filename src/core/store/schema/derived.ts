/** The triggers that keep the totals of facets, days and hours, and the views. Every open asserts all of them again. */
import type Database from 'better-sqlite3'
import { hourOfRow, koreanDayOfCase, views } from './views.ts'

type Row = 'new' | 'old'

/** Adds a case to the totals of its facet and day, or takes it away again. */
const countCase = (row: Row, sign: '+' | '-') => `
  UPDATE case_facets SET cases = cases ${sign} 1, charged = charged ${sign} ${row}.charged,
    refunded = refunded ${sign} ${row}.refunded WHERE facet_id = ${row}.facet_id;
  INSERT INTO case_daily_totals (facet_id, day, cases, charged, refunded)
  VALUES (${row}.facet_id, ${koreanDayOfCase(`${row}.case_id`)}, ${sign}1, ${sign}${row}.charged, ${sign}${row}.refunded)
  ON CONFLICT (facet_id, day) DO UPDATE SET cases = cases + excluded.cases, charged = charged + excluded.charged,
    refunded = refunded + excluded.refunded;`

const countRow = (row: Row, sign: '+' | '-') =>
  `UPDATE ledger_facets SET rows = rows ${sign} 1 WHERE facet_id = ${row}.facet_id;`

const addToBalance = (row: Row, sign: '+' | '-') => `
  INSERT INTO balance_hourly (account_id, hour, amount) VALUES (${row}.account_id, ${hourOfRow(`${row}.row_id`)}, ${sign}${row}.amount)
  ON CONFLICT (account_id, hour) DO UPDATE SET amount = amount + excluded.amount;`

const triggers: Readonly<Record<string, string>> = {
  ledger_row_added: `AFTER INSERT ON credit_transactions BEGIN
    ${countRow('new', '+')} ${addToBalance('new', '+')} END`,
  ledger_row_refaceted: `AFTER UPDATE OF facet_id ON credit_transactions BEGIN
    ${countRow('old', '-')} ${countRow('new', '+')} END`,
  ledger_row_retracted: `AFTER UPDATE OF retracted_at ON credit_transactions
    WHEN old.retracted_at IS NULL AND new.retracted_at IS NOT NULL BEGIN ${addToBalance('new', '-')} END`,
  ledger_row_relisted: `AFTER UPDATE OF retracted_at ON credit_transactions
    WHEN old.retracted_at IS NOT NULL AND new.retracted_at IS NULL BEGIN ${addToBalance('new', '+')} END`,
  case_added: `AFTER INSERT ON refund_cases BEGIN ${countCase('new', '+')} END`,
  case_removed: `AFTER DELETE ON refund_cases BEGIN ${countCase('old', '-')} END`,
  case_changed: `AFTER UPDATE OF case_id, facet_id, charged, refunded ON refund_cases BEGIN
    ${countCase('old', '-')} ${countCase('new', '+')} END`,
}

const statements: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(triggers).map(([name, body]) => [name, `CREATE TRIGGER ${name} ${body}`]),
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
