/** Triggers that keep the totals of facets, days and hours. They are derived: every open asserts them again. */
import type Database from 'better-sqlite3'

type Row = 'new' | 'old'

/** The day in Korea of a case and the hour of a ledger row, counted from 1 January 1970: their ids tell the millisecond. */
const dayOf = (row: Row) => `(${row}.case_id / 2048 + 32400000) / 86400000`
const hourOf = (row: Row) => `${row}.row_id / 1024 / 3600000`

/** Adds a case to the totals of its facet and day, or takes it away again. */
const countCase = (row: Row, sign: '+' | '-') => `
  UPDATE case_facets SET cases = cases ${sign} 1, charged = charged ${sign} ${row}.charged,
    refunded = refunded ${sign} ${row}.refunded WHERE facet_id = ${row}.facet_id;
  INSERT INTO case_daily_totals (facet_id, day, cases, charged, refunded)
  VALUES (${row}.facet_id, ${dayOf(row)}, ${sign}1, ${sign}${row}.charged, ${sign}${row}.refunded)
  ON CONFLICT (facet_id, day) DO UPDATE SET cases = cases + excluded.cases, charged = charged + excluded.charged,
    refunded = refunded + excluded.refunded;`

const countRow = (row: Row, sign: '+' | '-') =>
  `UPDATE ledger_facets SET rows = rows ${sign} 1 WHERE facet_id = ${row}.facet_id;`

const addToBalance = (row: Row, sign: '+' | '-') => `
  INSERT INTO balance_hourly (account_id, hour, amount) VALUES (${row}.account_id, ${hourOf(row)}, ${sign}${row}.amount)
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

/** Brings the triggers of a migrated file in step with this version of the app, in one transaction. */
export function assertDerivedSchema(database: Database.Database): void {
  const wanted = new Map(Object.entries(triggers).map(([name, body]) => [name, `CREATE TRIGGER ${name} ${body}`]))
  const found = database
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all()
  const stale = found.filter(({ name, sql }) => wanted.get(name) !== sql)
  for (const { name } of found.filter((trigger) => !stale.includes(trigger))) wanted.delete(name)
  if (stale.length === 0 && wanted.size === 0) return
  database
    .transaction(() => {
      for (const { name } of stale) database.exec(`DROP TRIGGER ${name}`)
      for (const sql of wanted.values()) database.exec(sql)
    })
    .immediate()
}
