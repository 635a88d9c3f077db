/**
 * What became of the credits charged in a period, from the totals of cases per day. A few special cases are read one by one:
 * those near the beginning of the period, dismissed ones, and those with unusual ledger rows.
 */
import type { Agent, RefundStatus } from '../../../shared/values.ts'
import type { CreditFlow } from '../../../shared/views.ts'
import { emptyFlow, flowSegmentOf } from '../../domain/flow.ts'
import { firstRowId, jobCaseId } from '../../domain/ledger.ts'
import type { Readable } from '../handles.ts'
import { chargedSince } from '../ledger/ledger-totals.ts'
import { arePeriodTotalsWhole } from '../projections/periods.ts'
import { apartMs, isApart } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { rangeParameters, totalsWithin } from './case-days.ts'
import { caseFacets } from './case-facets.ts'

/** An account, an agent or all, and the first row id of a period. */
interface Period {
  accountId: number
  agent: Agent | null
  from: number
}

/** A case, or all charges that count in none, with the credits that it was charged in the period. */
interface ChargedCase {
  refundStatus: RefundStatus | null
  dismissedAt: number | null
  /** Credits given back at any time. */
  refunded: number
  charged: number
}

/**
 * The use of the credits charged since `from` (epoch ms, the start of a local day), as segments that add up to the sum of the
 * charges. Each case counts with its charges since then, and with its refunds up to their sum.
 */
export function creditFlow(database: Readable, accountId: number, agent: Agent | undefined, from: number): CreditFlow {
  const period = { accountId, agent: agent ?? null, from: firstRowId(from) }
  if (!arePeriodTotalsWhole(database)) return flowOf(chargedCases(database, period))
  const totals = new Map(casesSince(database, period, from).map((total) => [total.facetId, total]))
  const special = specialCases(database, period, from)
  for (const { caseId, facetId, allCharged, refunded } of special) {
    const total = totals.get(facetId)
    if (!total || caseId < jobCaseId(period.from)) continue
    total.charged -= allCharged
    total.refunded -= refunded
  }
  const flow = flowOf([...totals.values(), ...special.filter(({ charged }) => charged !== null)])
  const ofCases = Object.values(flow).reduce((sum, credits) => sum + credits, 0)
  const charged = chargedSince(database, accountId, period.agent, from) + retractedCharges(database, period)
  return { ...flow, notGeneration: charged - ofCases }
}

function flowOf(cases: readonly ChargedCase[]): CreditFlow {
  const flow = { ...emptyFlow }
  for (const { refundStatus, dismissedAt, charged, ...row } of cases) {
    if (refundStatus === null) {
      flow.notGeneration += charged
      continue
    }
    const refunded = Math.min(row.refunded, charged)
    flow.refunded += refunded
    flow[flowSegmentOf(refundStatus, dismissedAt !== null)] += charged - refunded
  }
  return flow
}

/** Every case with a charge in the period, from the rows. */
const chargedCases = (database: Readable, period: Period): ChargedCase[] =>
  statement<[Period], ChargedCase>(
    database,
    `SELECT f.refund_status AS refundStatus, c.dismissed_at AS dismissedAt, coalesce(c.refunded, 0) AS refunded,
       -sum(t.amount) AS charged
     FROM credit_transactions t
     LEFT JOIN refund_cases c ON c.case_id = t.case_id
     LEFT JOIN case_facets f ON f.facet_id = c.facet_id
     WHERE +t.account_id = @accountId AND t.row_id >= @from AND t.kind = 'charge'
       AND (@agent IS NULL OR coalesce(t.agent, f.agent) = @agent)
     GROUP BY coalesce(t.case_id, -1)`,
  ).all(period)

/** The totals per facet of the cases since `from`. */
function casesSince(database: Readable, { accountId, agent }: Period, from: number) {
  const facets = caseFacets(database, [accountId], { agent: agent ?? undefined })
  return statement<[object], ChargedCase & { facetId: number }>(
    database,
    `SELECT facet_id AS facetId, f.refund_status AS refundStatus, NULL AS dismissedAt, sum(s.charged) AS charged,
       sum(s.refunded) AS refunded
     FROM (${totalsWithin}) s JOIN case_facets f USING (facet_id) GROUP BY facet_id`,
  ).all(rangeParameters(facets, { from }))
}

/**
 * The cases that the daily totals do not describe: those with charges before `from` or far from their case, those with more
 * refunded than charged, and dismissed ones. `charged` is null without a charge in the period.
 */
const specialCases = (database: Readable, period: Period, from: number) =>
  statement<[object], ChargedCase & { caseId: number; facetId: number; allCharged: number }>(
    database,
    `SELECT c.case_id AS caseId, facet_id AS facetId, f.refund_status AS refundStatus, c.dismissed_at AS dismissedAt,
       c.refunded, c.charged AS allCharged, (
         SELECT -sum(t.amount) FROM credit_transactions t
         WHERE t.case_id = c.case_id AND t.kind = 'charge' AND t.row_id >= @from) AS charged
     FROM refund_cases c JOIN case_facets f USING (facet_id)
     WHERE (@agent IS NULL OR f.agent = @agent) AND c.case_id IN (
       SELECT case_id FROM credit_transactions WHERE account_id = @accountId AND ${isApart}
       UNION SELECT case_id FROM refund_cases WHERE account_id = @accountId AND refunded > charged
       UNION SELECT case_id FROM refund_cases WHERE account_id = @accountId AND dismissed_at IS NOT NULL
       UNION SELECT case_id FROM refund_cases WHERE +account_id = @accountId AND case_id >= @nearFrom AND case_id < @nearTo)`,
  ).all({
    ...period,
    nearFrom: jobCaseId(firstRowId(from - apartMs)),
    nearTo: jobCaseId(firstRowId(from + apartMs)),
  })

/** The credits of the retracted charges of the period, which are few. */
const retractedCharges = (database: Readable, period: Period): number =>
  scalar<[Period], number>(
    database,
    `SELECT coalesce(-sum(t.amount), 0) FROM credit_transactions t JOIN ledger_facets f ON f.facet_id = t.facet_id
     WHERE t.account_id = @accountId AND t.retracted_at IS NOT NULL AND t.kind = 'charge' AND t.row_id >= @from
       AND (@agent IS NULL OR f.agent = @agent)`,
  ).get(period) as number
