/** Finds the rows of an account in every table by the foreign keys, so that a new table needs no code here. */
import type { Readable, Writable } from '../store/handles.ts'
import { markForRebuild } from '../store/projections/projection.ts'
import { totalTriggers } from '../store/projections/totals.ts'
import { assertDerivedSchema } from '../store/schema/derived.ts'

interface ForeignKey {
  table: string
  column: string
  parent: string
  parentColumn: string
}

/**
 * Deletes every row of an account in one transaction. The search index mixes the words of all accounts, so it is emptied and
 * marked for a rebuild.
 */
export function deleteAccountRows(database: Writable, accountId: number): void {
  const owned = ownedTables(database)
  database
    .transaction(() => {
      database.pragma('defer_foreign_keys = ON')
      // The totals of the account are deleted too. Triggers that count each row down would take most of the time.
      for (const name of Object.keys(totalTriggers)) database.exec(`DROP TRIGGER IF EXISTS ${name}`)
      for (const { table, rows } of owned.toReversed())
        database.prepare(`DELETE FROM ${table} WHERE ${rows}`).run(accountId)
      database.exec(`INSERT INTO job_search (job_search) VALUES ('delete-all')`)
      markForRebuild(database, ['search'])
      assertDerivedSchema(database)
    })
    .immediate()
}

/** The number of rows that an account has in each table; tables without any are left out. */
export function countAccountRows(database: Readable, accountId: number): Record<string, number> {
  const counts = ownedTables(database).map(({ table, rows }): [string, number] => [
    table,
    database.prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE ${rows}`).pluck().get(accountId) as number,
  ])
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** The tables whose rows belong to an account, parents first, each with a condition that has one parameter. */
function ownedTables(database: Readable): { table: string; rows: string }[] {
  const keys = database
    .prepare<[], ForeignKey>(
      `SELECT t.name AS "table", k."from" AS "column", k."table" AS parent,
         coalesce(k."to", (SELECT c.name FROM pragma_table_info(k."table") c WHERE c.pk = 1)) AS parentColumn
       FROM pragma_table_list t, pragma_foreign_key_list(t.name) k
       WHERE t.schema = 'main' AND t.type = 'table' AND k."table" <> t.name`,
    )
    .all()
  const found = new Map([['accounts', 'account_id = ?']])
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const { table, column, parent, parentColumn } of keys) {
      const rows = found.get(parent)
      if (rows === undefined || found.has(table)) continue
      // A table that names the account itself is not looked up through another table.
      const isDirect = parent === 'accounts' || !keys.some((key) => key.table === table && key.parent === 'accounts')
      if (isDirect)
        found.set(
          table,
          parent === 'accounts'
            ? `${column} = ?`
            : `${column} IN (SELECT ${parentColumn} FROM ${parent} WHERE ${rows})`,
        )
    }
  }
  return [...found].map(([table, rows]) => ({ table, rows }))
}
