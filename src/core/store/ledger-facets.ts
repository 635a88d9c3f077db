/**
 * The tables `ledger_facets` (facets of ledger rows, with their counts) and `balance_hourly` (changes of the balance).
 */
import type { Agent } from '../../shared/values.ts'
import { hourMs } from '../domain/days.ts'
import { aboveAllIds, firstRowId } from '../domain/ledger.ts'
import { allOf, facetIds, oneOf } from './facets.ts'
import type { Readable, Writable } from './handles.ts'
import { scalar, statement } from './statement.ts'

/** The values by which the ledger is filtered; a value that is missing or empty does not filter. */
export interface LedgerFacetFilter {
  agent?: Agent
  kinds?: readonly string[]
  features?: readonly string[]
  sources?: readonly string[]
}

interface LedgerFacet {
  facetId: number
  kind: string
  feature: string | null
  source: string | null
  agent: Agent | null
  rows: number
}

type FacetValues = Pick<LedgerFacet, 'kind' | 'feature' | 'source' | 'agent'>

/** Finds the ids of facets within one transaction, and adds those that are new. */
export const ledgerFacetIds = (database: Writable, accountId: number) =>
  facetIds<FacetValues>(
    database,
    `SELECT facet_id FROM ledger_facets
     WHERE account_id = @accountId AND kind = @kind AND feature IS @feature AND source IS @source AND agent IS @agent`,
    `INSERT INTO ledger_facets (account_id, kind, feature, source, agent)
     VALUES (@accountId, @kind, @feature, @source, @agent) RETURNING facet_id`,
    ({ kind, feature, source, agent }) => ({ accountId, kind, feature, source, agent }),
  )

/** The facets that match. */
export function ledgerFacets(database: Readable, accountId: number, filter: LedgerFacetFilter = {}): LedgerFacet[] {
  const { sql, values } = allOf([
    { sql: 'account_id = ? AND rows > 0', values: [accountId] },
    ...oneOf('agent', filter.agent && [filter.agent]),
    ...oneOf('kind', filter.kinds),
    ...oneOf('feature', filter.features),
    ...oneOf('source', filter.sources),
  ])
  return statement<unknown[], LedgerFacet>(
    database,
    `SELECT facet_id AS facetId, kind, feature, source, agent, rows FROM ledger_facets WHERE ${sql}`,
  ).all(values)
}

const rowsPerHour = firstRowId(hourMs)

/**
 * The change of the balance by the rows newer than the row id `after`, up to and including `through`; retracted rows do not
 * count. Whole hours come from `balance_hourly`, so only the rows of the first and the last hour are read.
 */
export function changeBetween(database: Readable, accountId: number, after: number, through: number): number {
  const rows = scalar<[object], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM credit_transactions
     WHERE +account_id = @accountId AND row_id > @after AND row_id <= @through AND retracted_at IS NULL`,
  )
  const ofRows = (after: number, through: number) => rows.get({ accountId, after, through }) as number
  const [first, last] = [Math.floor(after / rowsPerHour), Math.floor(through / rowsPerHour)]
  if (first === last) return ofRows(after, through)
  const ofHours = scalar<[object], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM balance_hourly
     WHERE account_id = @accountId AND hour > @first AND hour < @last`,
  ).get({ accountId, first, last }) as number
  return ofRows(after, (first + 1) * rowsPerHour - 1) + ofHours + ofRows(last * rowsPerHour - 1, through)
}

/** The change of the balance by all rows newer than `after`. */
export const changeSince = (database: Readable, accountId: number, after: number): number =>
  changeBetween(database, accountId, after, aboveAllIds)
