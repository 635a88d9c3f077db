/**
 * The totals of the ledger: `ledger_daily_totals` per day in Korea and facet, and `ledger_quarter_hours`, of which the days of
 * every time zone are made. While they are rebuilt, the same sums are read from the rows.
 */
import type { Agent } from '../../../shared/values.ts'
import type { DayTotals } from '../../../shared/views.ts'
import { isKoreanDay, koreanDayOf, type LocalDay, quarterHour, wholeDays } from '../../domain/days.ts'
import { aboveAllIds, firstRowId } from '../../domain/ledger.ts'
import type { Readable } from '../handles.ts'
import { arePeriodTotalsWhole } from '../projections/periods.ts'
import { scalar, statement } from '../statement.ts'
import { type LedgerFacetFilter, ledgerFacets } from './ledger-facets.ts'

const rowsPerQuarterHour = firstRowId(quarterHour)

/**
 * The change of the balance by the rows newer than the row id `after`, up to and including `through`; retracted rows do not
 * count. Only the rows of the first and the last quarter hour are read.
 */
export function changeBetween(database: Readable, accountId: number, after: number, through: number): number {
  const rows = scalar<[object], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM credit_transactions
     WHERE +account_id = @accountId AND row_id > @after AND row_id <= @through AND retracted_at IS NULL`,
  )
  const ofRows = (after: number, through: number) => rows.get({ accountId, after, through }) as number
  const [first, last] = [Math.floor(after / rowsPerQuarterHour), Math.floor(through / rowsPerQuarterHour)]
  if (first === last || !arePeriodTotalsWhole(database)) return ofRows(after, through)
  return (
    ofRows(after, (first + 1) * rowsPerQuarterHour - 1) +
    changeOfQuarterHours(database, accountId, first + 1, last) +
    ofRows(last * rowsPerQuarterHour - 1, through)
  )
}

/** The change of the balance by all rows newer than `after`. */
export const changeSince = (database: Readable, accountId: number, after: number): number =>
  changeBetween(database, accountId, after, aboveAllIds)

/** The change of the balance within quarter hours: whole days in Korea, and the quarter hours before and after them. */
function changeOfQuarterHours(database: Readable, accountId: number, from: number, to: number): number {
  const { day, end, before, after } = wholeDays(from * quarterHour, to * quarterHour)
  const quarterHours = scalar<[object], number>(
    database,
    `SELECT coalesce(sum(amount), 0) FROM ledger_quarter_hours
     WHERE account_id = @accountId AND quarter_hour >= @from AND quarter_hour < @to`,
  )
  const ends = [before, after].filter((range) => range.from < range.to)
  const ofEnds = ends.map((range) => quarterHours.get({ accountId, ...inQuarterHours(range) }) as number)
  const ofDays =
    day === end
      ? 0
      : (scalar<[object], number>(
          database,
          `SELECT coalesce(sum(amount), 0) FROM ledger_daily_totals WHERE day >= @day AND day < @end
             AND facet_id IN (SELECT facet_id FROM ledger_facets WHERE account_id = @accountId)`,
        ).get({ accountId, day, end }) as number)
  return ofEnds.reduce((sum, change) => sum + change, ofDays)
}

const inQuarterHours = ({ from, to }: Pick<LocalDay, 'from' | 'to'>) => ({
  from: from / quarterHour,
  to: to / quarterHour,
})

/** The credits of the listed charges since `from` (epoch ms, the start of a quarter hour), of all agents or one. */
export const chargedSince = (database: Readable, accountId: number, agent: Agent | null, from: number): number =>
  scalar<[object], number>(
    database,
    `SELECT coalesce(sum(charged), 0) FROM ledger_quarter_hours
     WHERE account_id = @accountId AND quarter_hour >= @from AND (@agent IS NULL OR agent = @agent)`,
  ).get({ accountId, agent, from: from / quarterHour }) as number

/** Credits charged and refunded on some local days by the rows that match the filter; retracted rows do not count. */
export function dailyTotals(
  database: Readable,
  accountId: number,
  filter: LedgerFacetFilter,
  days: readonly LocalDay[],
): DayTotals[] {
  const { agent, kinds, features, sources } = filter
  const isWhole = arePeriodTotalsWhole(database)
  if (isWhole && days.every(isKoreanDay)) return totalsOfDays(database, accountId, filter, days)
  const isOfAgent = ![kinds, features, sources].some((values) => values?.length)
  if (isWhole && isOfAgent) return totalsOfQuarterHours(database, accountId, agent ?? null, days)
  return totalsOfRows(database, accountId, filter, days)
}

/** `dailyTotals` of several accounts, added up. */
export const totalsOfAccounts = (
  database: Readable,
  accounts: readonly number[],
  filter: LedgerFacetFilter,
  days: readonly LocalDay[],
): DayTotals[] =>
  accounts
    .map((accountId) => dailyTotals(database, accountId, filter, days))
    .reduce((sums, totals) =>
      sums.map(({ day, charged, refunded }, index) => {
        const other = totals[index] as DayTotals
        return { day, charged: charged + other.charged, refunded: refunded + other.refunded }
      }),
    )

type Totals = Omit<DayTotals, 'day'>

/** The facets of charges and of refunds that match, as parameters. */
function facetsOf(database: Readable, accountId: number, filter: LedgerFacetFilter) {
  const facets = ledgerFacets(database, [accountId], filter)
  const idsOf = (kind: string) =>
    JSON.stringify(facets.filter((facet) => facet.kind === kind).map(({ facetId }) => facetId))
  return { charges: idsOf('charge'), refunds: idsOf('refund') }
}

const isOneOf = (facets: '@charges' | '@refunds') => `facet_id IN (SELECT value FROM json_each(${facets}))`
const sumOf = (facets: '@charges' | '@refunds') => `coalesce(sum(amount) FILTER (WHERE ${isOneOf(facets)}), 0)`
const chargedAndRefunded = `-${sumOf('@charges')} AS charged, ${sumOf('@refunds')} AS refunded`

function totalsOfDays(
  database: Readable,
  accountId: number,
  filter: LedgerFacetFilter,
  days: readonly LocalDay[],
): DayTotals[] {
  const rows = statement<[object], Totals & { day: number }>(
    database,
    `SELECT day, ${chargedAndRefunded} FROM ledger_daily_totals
     WHERE day IN (SELECT value FROM json_each(@days)) GROUP BY day`,
  ).all({
    ...facetsOf(database, accountId, filter),
    days: JSON.stringify(days.map(({ from }) => koreanDayOf(from))),
  })
  const found = new Map(rows.map(({ day, ...totals }) => [day, totals]))
  return days.map(({ day, from }) => ({ day, charged: 0, refunded: 0, ...found.get(koreanDayOf(from)) }))
}

function totalsOfQuarterHours(
  database: Readable,
  accountId: number,
  agent: Agent | null,
  days: readonly LocalDay[],
): DayTotals[] {
  const between = statement<[object], Totals>(
    database,
    `SELECT coalesce(sum(charged), 0) AS charged, coalesce(sum(refunded), 0) AS refunded FROM ledger_quarter_hours
     WHERE account_id = @accountId AND quarter_hour >= @from AND quarter_hour < @to AND (@agent IS NULL OR agent = @agent)`,
  )
  return days.map((day) => ({
    day: day.day,
    ...(between.get({ accountId, agent, ...inQuarterHours(day) }) as Totals),
  }))
}

function totalsOfRows(
  database: Readable,
  accountId: number,
  filter: LedgerFacetFilter,
  days: readonly LocalDay[],
): DayTotals[] {
  const facets = facetsOf(database, accountId, filter)
  const between = statement<[object], Totals>(
    database,
    `SELECT ${chargedAndRefunded} FROM credit_transactions
     WHERE (${isOneOf('@charges')} OR ${isOneOf('@refunds')}) AND row_id >= @from AND row_id < @below
       AND retracted_at IS NULL`,
  )
  return days.map(({ day, from, to }) => ({
    day,
    ...(between.get({ ...facets, from: firstRowId(from), below: firstRowId(to) }) as Totals),
  }))
}
