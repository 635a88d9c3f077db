/** Groups of cases: agent, kind, model, outcome and refund status, with how many cases each has. */
import type { Agent, Outcome, RefundStatus } from '../../shared/values.ts'
import { allOf, type Condition, facetIds, oneOf } from './facets.ts'
import { statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/** What the facets of a list have in common; what is left out or empty narrows nothing. */
export interface FacetFilter {
  agent?: Agent
  kinds?: readonly string[]
  models?: readonly string[]
  outcomes?: readonly Outcome[]
  refundStatuses?: readonly RefundStatus[]
}

/** Credits are whole; `kind` and `model` are null where the case has no job. */
export interface CaseFacet {
  facet_id: number
  agent: Agent | null
  kind: string | null
  model: string | null
  outcome: Outcome
  refund_status: RefundStatus
  cases: number
  charged: number
  refunded: number
}

type FacetKey = Pick<CaseFacet, 'agent' | 'kind' | 'model' | 'outcome' | 'refund_status'>

/** Finds the ids of facets within one transaction, and adds those that are new. */
export const caseFacetIds = (database: Writable, accountId: number) =>
  facetIds<FacetKey>(
    database,
    `SELECT facet_id FROM case_facets
     WHERE account_id = ? AND refund_status = ? AND outcome = ? AND agent IS ? AND kind IS ? AND model IS ?`,
    `INSERT INTO case_facets (account_id, refund_status, outcome, agent, kind, model) VALUES (?, ?, ?, ?, ?, ?)
     RETURNING facet_id`,
    (name) => [accountId, name.refund_status, name.outcome, name.agent, name.kind, name.model],
  )

const ofFacets = (accountId: number, filter: FacetFilter): Condition =>
  allOf([
    { sql: 'g.account_id = ? AND g.cases > 0', values: [accountId] },
    ...oneOf('g.agent', filter.agent && [filter.agent]),
    ...oneOf('g.kind', filter.kinds),
    ...oneOf('g.model', filter.models),
    ...oneOf('g.outcome', filter.outcomes),
    ...oneOf('g.refund_status', filter.refundStatuses),
  ])

/** The facets that fit, cases of charges without a job included. */
export function caseFacets(database: Readable, accountId: number, filter: FacetFilter = {}): CaseFacet[] {
  const { sql, values } = ofFacets(accountId, filter)
  return statement<unknown[], CaseFacet>(database, `SELECT * FROM case_facets g WHERE ${sql}`).all(values)
}

/** The facets of jobs that fit. */
export const jobFacets = (database: Readable, accountId: number, filter: FacetFilter = {}): CaseFacet[] =>
  caseFacets(database, accountId, filter).filter(({ outcome }) => outcome !== 'no_job')

/** What the cases of some facets add up to. */
export const totalOf = (facets: readonly CaseFacet[]): Pick<CaseFacet, 'cases' | 'charged' | 'refunded'> =>
  facets.reduce(
    (total, facet) => ({
      cases: total.cases + facet.cases,
      charged: total.charged + facet.charged,
      refunded: total.refunded + facet.refunded,
    }),
    { cases: 0, charged: 0, refunded: 0 },
  )
