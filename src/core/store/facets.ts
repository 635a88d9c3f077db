/**
 * Facets (`case_facets`, `ledger_facets`): counts are sums of facets, filtered lists are merges of facets
 * (docs/decisions/0012). A facet belongs to one account, but the row ids of all accounts share one space.
 */

import type { Readable, Writable } from './handles.ts'
import type { RowIdRange } from './jobs/search.ts'
import { scalar, statement } from './statement.ts'

/**
 * Returns a function that finds the id of a facet by its values, and adds a facet that is new. It remembers the ids, so use
 * it for one transaction only. Both statements take the named parameters that `parametersOf` gives.
 */
export function facetIds<Values>(
  database: Writable,
  find: string,
  insert: string,
  parametersOf: (values: Values) => object,
): (values: Values) => number {
  const known = new Map<string, number>()
  return (values) => {
    const parameters = parametersOf(values)
    const key = JSON.stringify(parameters)
    const id =
      known.get(key) ??
      scalar<[object], number>(database, find).get(parameters) ??
      (scalar<[object], number>(database, insert).get(parameters) as number)
    known.set(key, id)
    return id
  }
}

/**
 * The ids of the cases or ledger rows of some facets within a range of such ids, newest first. Holds no open statement.
 */
export function* newestOfFacets(
  database: Readable,
  table: 'refund_cases' | 'credit_transactions',
  facets: readonly number[],
  { from, below }: RowIdRange,
): Generator<number> {
  const newest = (facet: string) =>
    `SELECT max(rowid) FROM ${table} WHERE facet_id = ${facet} AND rowid >= @from AND rowid < @below`
  const next = scalar<[object], number | null>(database, newest('@facetId'))
  const heads = statement<[object], { facetId: number; id: number | null }>(
    database,
    `SELECT value AS facetId, (${newest('value')}) AS id FROM json_each(@facets)`,
  ).all({ from, below, facets: JSON.stringify(facets) })
  for (;;) {
    const first = heads.reduce((best, head) => ((head.id ?? -1) > (best.id ?? -1) ? head : best), {
      facetId: 0,
      id: null,
    })
    if (first.id === null) return
    yield first.id
    first.id = next.get({ facetId: first.facetId, from, below: first.id }) ?? null
  }
}

/**
 * The rows of some ids, in their order; `sql` reads them from `json_each(?)`. Reads in batches, because starting a query
 * costs more than reading a row.
 */
export function* readRows<Row>(database: Readable, sql: string, ids: Iterable<number>): Generator<Row> {
  const read = statement<[string], Row>(database, sql)
  for (const batch of inBatches(ids)) yield* read.all(JSON.stringify(batch))
}

const batchSize = 32

/** Some values in batches of `size`, the last of which may be smaller. */
export function* inBatches<T>(all: Iterable<T>, size = batchSize): Generator<T[]> {
  let batch: T[] = []
  for (const value of all) {
    if (batch.push(value) < size) continue
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

/** The condition that a row belongs to one of some accounts. No row fulfils it if there are no accounts. */
export const ofAccounts = (accounts: readonly number[]): Condition => ({
  sql: 'account_id IN (SELECT value FROM json_each(?))',
  values: [JSON.stringify(accounts)],
})

/** The condition that a column has one of some values; without values, no condition. */
export const oneOf = (column: string, values: readonly unknown[] | undefined): Condition[] =>
  values?.length ? [{ sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }] : []

/** Joins conditions with AND. */
export const allOf = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map(({ sql }) => sql).join(' AND '),
  values: conditions.flatMap(({ values }) => values),
})
