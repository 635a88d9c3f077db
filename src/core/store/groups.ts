/** Lists that are narrowed by anything merge the groups that fit, so that the work for a page depends on its length only. */
import type { RowSpan } from './search.ts'
import { scalar } from './statement.ts'
import type { Readable } from './store.ts'

/** The ids of the cases or ledger rows of some groups within a span of such ids, newest first. Holds no open statement. */
export function* newestOfGroups(
  database: Readable,
  table: 'refund_cases' | 'credit_transactions',
  groups: readonly number[],
  { from, below }: RowSpan,
): Generator<number> {
  const newest = scalar<[number, number, number], number | null>(
    database,
    `SELECT max(rowid) FROM ${table} WHERE group_id = ? AND rowid >= ? AND rowid < ?`,
  )
  const heads: { group: number; id: number }[] = []
  for (const group of groups) {
    const id = newest.get(group, from, below)
    if (id != null) heads.push({ group, id })
  }
  for (;;) {
    const first = heads.reduce((one, other) => (other.id > one.id ? other : one), { group: 0, id: -Infinity })
    if (first.id === -Infinity) return
    yield first.id
    first.id = newest.get(first.group, from, first.id) ?? -Infinity
  }
}

/** SQL conditions and their values, built from fixed texts only. */
export interface Condition {
  sql: string
  values: unknown[]
}

/** A column has one of some values; without any, everything fits. */
export const oneOf = (column: string, values: readonly unknown[] | undefined): Condition[] =>
  values?.length ? [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }] : []

/** All of some conditions in one. */
export const allOf = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => sql).join(' AND '),
  values: conditions.flatMap(({ values }) => values),
})
