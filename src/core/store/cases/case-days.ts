/** Totals of cases within a range of times: whole days from `case_daily_totals`, the rest from the cases themselves. */
import { koreanDayOf, wholeDays } from '../../domain/days.ts'
import { aboveAllIds, firstRowId, jobCaseId } from '../../domain/ledger.ts'
import type { CaseFacet } from './case-facets.ts'

/** Times in epoch milliseconds; `to` is exclusive. Without either, there is no limit. */
interface Range {
  from?: number
  to?: number
}

/**
 * SQL for the totals of cases within a range, by facet and Korean day; its parameters are `rangeParameters`. Whole days come
 * from the stored totals. Cases of the incomplete first and last day are read one by one, as `dayBefore` and `dayAfter`.
 */
export const totalsWithin = `SELECT facet_id, day, cases, charged, refunded FROM case_daily_totals
    WHERE facet_id IN (SELECT value FROM json_each(@facets)) AND day >= @day AND day < @end
  UNION ALL SELECT facet_id, @dayBefore, 1, charged, refunded FROM refund_cases
    WHERE case_id >= @beforeFrom AND case_id < @beforeTo AND +facet_id IN (SELECT value FROM json_each(@facets))
  UNION ALL SELECT facet_id, @dayAfter, 1, charged, refunded FROM refund_cases
    WHERE case_id >= @afterFrom AND case_id < @afterTo AND +facet_id IN (SELECT value FROM json_each(@facets))`

/** The last time whose case ids are safe integers. */
const lastTime = Math.floor(aboveAllIds / jobCaseId(firstRowId(1)))

export function rangeParameters(facets: readonly CaseFacet[], { from = 0, to = lastTime }: Range) {
  const { day, end, before, after } = wholeDays(from, Math.max(from, to))
  return {
    facets: JSON.stringify(facets.map((facet) => facet.facetId)),
    day,
    end,
    dayBefore: koreanDayOf(before.from),
    dayAfter: koreanDayOf(after.from),
    beforeFrom: jobCaseId(firstRowId(before.from)),
    beforeTo: jobCaseId(firstRowId(before.to)),
    afterFrom: jobCaseId(firstRowId(after.from)),
    afterTo: jobCaseId(firstRowId(after.to)),
  }
}
