/** Groups of ledger rows: kind, feature, source and agent, with how many rows each has; and sums of the hours. */
import type { Agent } from '../../shared/values.ts'
import { firstRowId } from '../domain/ledger.ts'
import { allOf, groupIds, oneOf } from './facets.ts'
import { scalar, statement } from './statement.ts'
import type { Readable, Writable } from './store.ts'

/** What the groups of a list have in common; what is left out or empty narrows nothing. */
export interface LedgerGroupFilter {
  agent?: Agent
  kinds?: readonly string[]
  features?: readonly string[]
  sources?: readonly string[]
}

interface LedgerGroup {
  group_id: number
  kind: string
  feature: string | null
  source: string | null
  agent: Agent | null
  rows: number
}

type GroupName = Pick<LedgerGroup, 'kind' | 'feature' | 'source' | 'agent'>

/** Finds the ids of groups within one transaction, and adds those that are new. */
export const ledgerGroupIds = (database: Writable, accountId: number) =>
  groupIds<GroupName>(
    database,
    `SELECT group_id FROM ledger_groups WHERE account_id = ? AND kind = ? AND feature IS ? AND source IS ? AND agent IS ?`,
    `INSERT INTO ledger_groups (account_id, kind, feature, source, agent) VALUES (?, ?, ?, ?, ?) RETURNING group_id`,
    (name) => [accountId, name.kind, name.feature, name.source, name.agent],
  )

/** The groups that fit. */
export function ledgerGroups(database: Readable, accountId: number, filter: LedgerGroupFilter = {}): LedgerGroup[] {
  const { sql, values } = allOf([
    { sql: 'account_id = ? AND rows > 0', values: [accountId] },
    ...oneOf('agent', filter.agent && [filter.agent]),
    ...oneOf('kind', filter.kinds),
    ...oneOf('feature', filter.features),
    ...oneOf('source', filter.sources),
  ])
  return statement<unknown[], LedgerGroup>(database, `SELECT * FROM ledger_groups WHERE ${sql}`).all(values)
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
     WHERE +account_id = ? AND row_id > ? AND row_id <= ? AND withdrawn_at IS NULL`,
  )
  const hours = scalar<[number, number, number], number>(
    database,
    'SELECT coalesce(sum(amount), 0) FROM ledger_hours WHERE account_id = ? AND hour > ? AND hour < ?',
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
  changeBetween(database, accountId, after, Number.MAX_SAFE_INTEGER)
