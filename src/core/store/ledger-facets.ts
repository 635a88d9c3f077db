/** Groups of ledger rows: kind, feature, source and agent, with how many rows each has; and sums of the hours. */
import type { Agent } from '../../shared/values.ts'
import { aboveAllIds, firstRowId } from '../domain/ledger.ts'
import { allOf, facetIds, oneOf } from './facets.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/** What the facets of a list have in common; what is left out or empty narrows nothing. */
export interface LedgerFacetFilter {
  agent?: Agent
  kinds?: readonly string[]
  features?: readonly string[]
  sources?: readonly string[]
}

interface LedgerFacet {
  facet_id: number
  kind: string
  feature: string | null
  source: string | null
  agent: Agent | null
  rows: number
}

type FacetKey = Pick<LedgerFacet, 'kind' | 'feature' | 'source' | 'agent'>

/** Finds the ids of facets within one transaction, and adds those that are new. */
export const ledgerFacetIds = (database: Writable, accountId: number) =>
  facetIds<FacetKey>(
    database,
    `SELECT facet_id FROM ledger_facets WHERE account_id = ? AND kind = ? AND feature IS ? AND source IS ? AND agent IS ?`,
    `INSERT INTO ledger_facets (account_id, kind, feature, source, agent) VALUES (?, ?, ?, ?, ?) RETURNING facet_id`,
    (name) => [accountId, name.kind, name.feature, name.source, name.agent],
  )

/** The facets that fit. */
export function ledgerFacets(database: Readable, accountId: number, filter: LedgerFacetFilter = {}): LedgerFacet[] {
  const { sql, values } = allOf([
    { sql: 'account_id = ? AND rows > 0', values: [accountId] },
    ...oneOf('agent', filter.agent && [filter.agent]),
    ...oneOf('kind', filter.kinds),
    ...oneOf('feature', filter.features),
    ...oneOf('source', filter.sources),
  ])
  return statement<unknown[], LedgerFacet>(database, `SELECT * FROM ledger_facets WHERE ${sql}`).all(values)
}

const rowsPerHour = firstRowId(60 * 60_000)

/**
 * What the rows of an account that stand change the balance by: those newer than the row id `after`, up to and with
 * `through`. Only the rows of the first and the last hour are read.
 */
export function changeBetween(database: Readable, accountId: number, after: number, through: number): number {
  const rows = scalar<[number, number, number], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM credit_transactions
     WHERE +account_id = ? AND row_id > ? AND row_id <= ? AND retracted_at IS NULL`,
  )
  const hours = scalar<[number, number, number], number>(
    database,
    'SELECT coalesce(sum(amount), 0) FROM balance_hourly WHERE account_id = ? AND hour > ? AND hour < ?',
  )
  const [first, last] = [Math.floor(after / rowsPerHour), Math.floor(through / rowsPerHour)]
  if (first === last) return rows.get(accountId, after, through) as number
  return (
    (rows.get(accountId, after, (first + 1) * rowsPerHour - 1) as number) +
    (hours.get(accountId, first, last) as number) +
    (rows.get(accountId, last * rowsPerHour - 1, through) as number)
  )
}

/** The same of all rows newer than `after`. */
export const changeSince = (database: Readable, accountId: number, after: number): number =>
  changeBetween(database, accountId, after, aboveAllIds)
