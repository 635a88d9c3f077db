import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { migrate } from '../../src/core/store/migrations/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/data-model.md'), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| `'))

/** Every column of a new database as `table.column`; without the internal tables of FTS5. */
function columns(): { name: string; column: string }[] {
  const database = new Database(':memory:')
  migrate(database)
  const found = database
    .prepare<[], { name: string; column: string }>(
      `SELECT t.name, c.name AS "column" FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c
       WHERE t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%' AND c.hidden IN (0, 2, 3)`,
    )
    .all()
  database.close()
  return found
}

it('describes every column of a new database in the row of its table on the data model page', () => {
  const missing = columns().filter(({ name, column }) => {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`))
    return !row?.includes(`\`${column}\``)
  })
  expect(missing.map(({ name, column }) => `${name}.${column}`)).toEqual([])
})

it('describes no table that a new database does not have', () => {
  const known = new Set(columns().map(({ name }) => name))
  const described = rows.map((line) => line.split('`')[1] as string)
  expect(described.filter((name) => !known.has(name))).toEqual([])
})
