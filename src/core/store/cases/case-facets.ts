/** The table `case_facets`: facets of cases by agent, kind, model, outcome and refund status, with their totals. */
import type { Agent, Outcome, RefundStatus } from '../../../shared/values.ts'
import { allOf, type Condition, facetIds, ofAccounts, oneOf } from '../facets.ts'
import type { Readable, Writable } from '../handles.ts'
import { statement } from '../statement.ts'

/** The values by which a list of cases is filtered; a value that is missing or empty does not filter. */
export interface FacetFilter {
  agent?: Agent
  kinds?: readonly string[]
  models?: readonly string[]
  outcomes?: readonly Outcome[]
  refundStatuses?: readonly RefundStatus[]
}

/** A facet with its totals in whole credits; `kind` and `model` are null if the case has no job. */
export interface CaseFacet {
  facetId: number
  agent: Agent | null
  kind: string | null
  model: string | null
  outcome: Outcome
  refundStatus: RefundStatus
  cases: number
  charged: number
  refunded: number
}

type FacetValues = Pick<CaseFacet, 'agent' | 'kind' | 'model' | 'outcome' | 'refundStatus'>

/** Finds the ids of facets within one transaction, and adds those that are new. */
export const caseFacetIds = (database: Writable, accountId: number) =>
  facetIds<FacetValues>(
    database,
    `SELECT facet_id FROM case_facets
     WHERE account_id = @accountId AND refund_status = @refundStatus AND outcome = @outcome AND agent IS @agent
       AND kind IS @kind AND model IS @model`,
    `INSERT INTO case_facets (account_id, refund_status, outcome, agent, kind, model)
     VALUES (@accountId, @refundStatus, @outcome, @agent, @kind, @model) RETURNING facet_id`,
    ({ refundStatus, outcome, agent, kind, model }) => ({ accountId, refundStatus, outcome, agent, kind, model }),
  )

const select = `SELECT facet_id AS facetId, agent, kind, model, outcome, refund_status AS refundStatus, cases, charged, refunded
  FROM case_facets`

const matching = (accounts: readonly number[], filter: FacetFilter): Condition =>
  allOf([
    ofAccounts(accounts),
    { sql: 'cases > 0', values: [] },
    ...oneOf('agent', filter.agent && [filter.agent]),
    ...oneOf('kind', filter.kinds),
    ...oneOf('model', filter.models),
    ...oneOf('outcome', filter.outcomes),
    ...oneOf('refund_status', filter.refundStatuses),
  ])

/** The facets of some accounts that match, including those of charges without a job. */
export function caseFacets(database: Readable, accounts: readonly number[], filter: FacetFilter = {}): CaseFacet[] {
  const { sql, values } = matching(accounts, filter)
  return statement<unknown[], CaseFacet>(database, `${select} WHERE ${sql}`).all(values)
}

/** The facets of jobs that match. */
export const jobFacets = (database: Readable, accounts: readonly number[], filter: FacetFilter = {}): CaseFacet[] =>
  caseFacets(database, accounts, filter).filter(({ outcome }) => outcome !== 'no_job')

/** The ids of the facets of jobs that match, with their numbers of cases: as `jobFacets`, in a third of the time. */
export function jobFacetSizes(
  database: Readable,
  accounts: readonly number[],
  filter: FacetFilter,
): Map<number, number> {
  const { sql, values } = matching(accounts, filter)
  const sizes = `SELECT facet_id, cases FROM case_facets WHERE ${sql} AND outcome <> 'no_job'`
  return new Map(statement<unknown[], [number, number]>(database, sizes).raw().all(values))
}

/** The sum of the totals of some facets. */
export const totalOf = (facets: readonly CaseFacet[]): Pick<CaseFacet, 'cases' | 'charged' | 'refunded'> =>
  facets.reduce(
    (total, facet) => ({
      cases: total.cases + facet.cases,
      charged: total.charged + facet.charged,
      refunded: total.refunded + facet.refunded,
    }),
    { cases: 0, charged: 0, refunded: 0 },
  )
