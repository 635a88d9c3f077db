/** Lists that are narrowed by anything merge the facets that fit, so that the work for a page depends on its length only. */
import type { RowSpan } from './search.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/**
 * A function that finds the id of a facet by its name, and adds the facet where it is new. It remembers what it found, so
 * it is good for one transaction only.
 */
export function facetIds<Name>(
  database: Writable,
  find: string,
  insert: string,
  valuesOf: (name: Name) => unknown[],
): (name: Name) => number {
  const known = new Map<string, number>()
  return (name) => {
    const values = valuesOf(name)
    const key = JSON.stringify(values)
    const id =
      known.get(key) ??
      scalar<unknown[], number>(database, find).get(values) ??
      (scalar<unknown[], number>(database, insert).get(values) as number)
    known.set(key, id)
    return id
  }
}

/** The ids of the cases or ledger rows of some facets within a span of such ids, newest first. Holds no open statement. */
export function* newestOfFacets(
  database: Readable,
  table: 'refund_cases' | 'credit_transactions',
  facets: readonly number[],
  { from, below }: RowSpan,
): Generator<number> {
  const newest = (facet: string) =>
    `SELECT max(rowid) FROM ${table} WHERE facet_id = ${facet} AND rowid >= ? AND rowid < ?`
  const next = scalar<[number, number, number], number | null>(database, newest('?'))
  const heads = statement<[number, number, string], { facet_id: number; id: number | null }>(
    database,
    `SELECT value AS facet_id, (${newest('value')}) AS id FROM json_each(?)`,
  ).all(from, below, JSON.stringify(facets))
  for (;;) {
    const first = heads.reduce((one, other) => ((other.id ?? -1) > (one.id ?? -1) ? other : one), {
      facet_id: 0,
      id: null,
    })
    if (first.id === null) return
    yield first.id
    first.id = next.get(first.facet_id, from, first.id) ?? null
  }
}

/**
 * The rows of some ids, in their order; `sql` reads them from `json_each(?)`. Some at a time, since to begin a query costs
 * more than to read a row.
 */
export function* readRows<Row>(database: Readable, sql: string, ids: Iterable<number>): Generator<Row> {
  const read = statement<[string], Row>(database, sql)
  for (const some of inBatches(ids)) yield* read.all(JSON.stringify(some))
}

const batchSize = 32

export function* inBatches<T>(all: Iterable<T>): Generator<T[]> {
  let batch: T[] = []
  for (const one of all) {
    if (batch.push(one) < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
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
