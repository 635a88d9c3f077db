/** Groups of cases: agent, kind, model, outcome and refund status, with how many cases each has. */
import type { Agent, Outcome, RefundStatus } from '../../shared/values.ts'
import { allOf, type Condition, groupIds, oneOf } from './facets.ts'
import { statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/** What the groups of a list have in common; what is left out or empty narrows nothing. */
export interface GroupFilter {
  agent?: Agent
  kinds?: readonly string[]
  models?: readonly string[]
  outcomes?: readonly Outcome[]
  refundStatuses?: readonly RefundStatus[]
}

/** Credits are whole; `kind` and `model` are null where the case has no job. */
export interface CaseGroup {
  group_id: number
  agent: Agent | null
  kind: string | null
  model: string | null
  outcome: Outcome
  refund_status: RefundStatus
  cases: number
  charged: number
  refunded: number
}

type GroupName = Pick<CaseGroup, 'agent' | 'kind' | 'model' | 'outcome' | 'refund_status'>

/** Finds the ids of groups within one transaction, and adds those that are new. */
export const caseGroupIds = (database: Writable, accountId: number) =>
  groupIds<GroupName>(
    database,
    `SELECT group_id FROM case_groups
     WHERE account_id = ? AND refund_status = ? AND outcome = ? AND agent IS ? AND kind IS ? AND model IS ?`,
    `INSERT INTO case_groups (account_id, refund_status, outcome, agent, kind, model) VALUES (?, ?, ?, ?, ?, ?)
     RETURNING group_id`,
    (name) => [accountId, name.refund_status, name.outcome, name.agent, name.kind, name.model],
  )

const ofGroups = (accountId: number, filter: GroupFilter): Condition =>
  allOf([
    { sql: 'g.account_id = ? AND g.cases > 0', values: [accountId] },
    ...oneOf('g.agent', filter.agent && [filter.agent]),
    ...oneOf('g.kind', filter.kinds),
    ...oneOf('g.model', filter.models),
    ...oneOf('g.outcome', filter.outcomes),
    ...oneOf('g.refund_status', filter.refundStatuses),
  ])

/** The groups that fit, cases of charges without a job included. */
export function caseGroups(database: Readable, accountId: number, filter: GroupFilter = {}): CaseGroup[] {
  const { sql, values } = ofGroups(accountId, filter)
  return statement<unknown[], CaseGroup>(database, `SELECT * FROM case_groups g WHERE ${sql}`).all(values)
}

/** The groups of jobs that fit. */
export const jobGroups = (database: Readable, accountId: number, filter: GroupFilter = {}): CaseGroup[] =>
  caseGroups(database, accountId, filter).filter(({ outcome }) => outcome !== 'no_job')

/** What the cases of some groups add up to. */
export const totalOf = (groups: readonly CaseGroup[]): Pick<CaseGroup, 'cases' | 'charged' | 'refunded'> =>
  groups.reduce(
    (total, group) => ({
      cases: total.cases + group.cases,
      charged: total.charged + group.charged,
      refunded: total.refunded + group.refunded,
    }),
    { cases: 0, charged: 0, refunded: 0 },
  )
