/** The table `ledger_facets`: facets of ledger rows by kind, feature, source and agent, with their row counts. */
import type { Agent } from '../../../shared/values.ts'
import { allOf, facetIds, ofAccounts, oneOf } from '../facets.ts'
import type { Readable, Writable } from '../handles.ts'
import { statement } from '../statement.ts'

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

/** The facets of some accounts that match. */
export function ledgerFacets(
  database: Readable,
  accounts: readonly number[],
  filter: LedgerFacetFilter = {},
): LedgerFacet[] {
  const { sql, values } = allOf([
    ofAccounts(accounts),
    { sql: 'rows > 0', values: [] },
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
