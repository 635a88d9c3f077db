/** The totals of cases per facet, per facet and day, and of jobs per day and agent. */
import { koreanDayOf } from '../../domain/days.ts'
import { jobCaseId, rowIdOfCase, timeOfRowId } from '../../domain/ledger.ts'
import type { Writable } from '../handles.ts'
import { isLostStatus, koreanDayOfCase } from '../schema/views.ts'
import { statement } from '../statement.ts'
import { distinct, entryOf, periodsOf, type Row } from './periods.ts'
import { caseIdBelow } from './slices.ts'

type CasesSql = Record<'accountId' | 'facetId' | 'day' | 'cases' | 'charged' | 'refunded', string>
/** SQL that adds cases of one facet and day to the three totals; its values are SQL, too. */
const countCases = ({ accountId, facetId, day, cases, charged, refunded }: CasesSql): string[] => [
  `UPDATE case_facets SET cases = cases + ${cases}, charged = charged + ${charged}, refunded = refunded + ${refunded}
  WHERE facet_id = ${facetId}`,
  `INSERT INTO case_daily_totals (facet_id, day, cases, charged, refunded)
  VALUES (${facetId}, ${day}, ${cases}, ${charged}, ${refunded})
  ON CONFLICT (facet_id, day) DO UPDATE SET cases = cases + excluded.cases, charged = charged + excluded.charged,
    refunded = refunded + excluded.refunded`,
  `INSERT INTO job_daily_totals (account_id, day, agent, jobs, charged, lost)
  SELECT ${accountId}, ${day}, agent, ${cases}, ${charged}, iif(${isLostStatus}, ${charged} - ${refunded}, 0)
  FROM case_facets WHERE facet_id = ${facetId} AND outcome <> 'no_job'
  ON CONFLICT (account_id, day, agent) DO UPDATE SET jobs = jobs + excluded.jobs, charged = charged + excluded.charged,
    lost = lost + excluded.lost`,
]

const countCase = (row: Row, sign: '+' | '-'): string =>
  countCases({
    accountId: `${row}.account_id`,
    facetId: `${row}.facet_id`,
    day: koreanDayOfCase(`${row}.case_id`),
    cases: `(${sign}1)`,
    charged: `(${sign}${row}.charged)`,
    refunded: `(${sign}${row}.refunded)`,
  }).join('; ')

/** The triggers by name, without `CREATE TRIGGER`. New cases are counted by `caseCounter`, many at once. */
export const caseTriggers: Readonly<Record<string, string>> = {
  case_removed: `AFTER DELETE ON refund_cases BEGIN ${countCase('old', '-')}; END`,
  case_changed: `AFTER UPDATE OF case_id, facet_id, charged, refunded ON refund_cases
    WHEN (old.case_id, old.facet_id, old.charged, old.refunded) <> (new.case_id, new.facet_id, new.charged, new.refunded)
    BEGIN ${countCase('old', '-')}; ${countCase('new', '+')}; END`,
}

const countNew = countCases({
  accountId: '@accountId',
  facetId: '@facetId',
  day: '@day',
  cases: '@cases',
  charged: '@charged',
  refunded: '@refunded',
})

/**
 * Counts inserted cases of one account. `save` adds them to the totals, in the transaction of the cases: one write per total
 * and not one per case.
 */
export function caseCounter(database: Writable, accountId: number) {
  const totals = new Map<string, Record<'facetId' | 'day' | 'cases' | 'charged' | 'refunded', number>>()
  return {
    add({ caseId, facetId, charged, refunded }: Record<'caseId' | 'facetId' | 'charged' | 'refunded', number>): void {
      const day = koreanDayOf(timeOfRowId(rowIdOfCase(caseId)))
      const make = () => ({ facetId, day, cases: 0, charged: 0, refunded: 0 })
      const total = entryOf(totals, `${facetId} ${day}`, make)
      total.cases++
      total.charged += charged
      total.refunded += refunded
    },
    save(): void {
      for (const total of totals.values()) {
        for (const sql of countNew) statement<[object]>(database, sql).run({ ...total, accountId })
      }
      totals.clear()
    },
  }
}

/** Adds up the cases of whole days in Korea again. */
export function rebuildCaseTotals(database: Writable, from: number, before: number): void {
  const days = periodsOf(from, before, (rowId) => koreanDayOf(timeOfRowId(rowId)))
  statement<[number, number]>(
    database,
    `DELETE FROM case_daily_totals
     WHERE facet_id IN (${distinct('case_daily_totals', 'facet_id')}) AND day >= ? AND day < ?`,
  ).run(...days)
  statement<[number, number]>(
    database,
    `INSERT INTO case_daily_totals (facet_id, day, cases, charged, refunded)
     SELECT facet_id, ${koreanDayOfCase('case_id')}, count(*), sum(charged), sum(refunded) FROM refund_cases
     WHERE case_id >= ? AND case_id < ? GROUP BY 1, 2`,
  ).run(jobCaseId(from), caseIdBelow(before))
  statement<[number, number]>(
    database,
    `DELETE FROM job_daily_totals
     WHERE account_id IN (${distinct('job_daily_totals', 'account_id')}) AND day >= ? AND day < ?`,
  ).run(...days)
  statement<[number, number]>(
    database,
    `INSERT INTO job_daily_totals (account_id, day, agent, jobs, charged, lost) ${jobDaysOf('d.day >= ? AND d.day < ?')}`,
  ).run(...days)
}

/** SQL for the totals of jobs per day and agent, as those of the facets that match `days` give them. */
export const jobDaysOf = (days: string): string => `
  SELECT f.account_id, d.day, f.agent, sum(d.cases) AS jobs, sum(d.charged) AS charged,
    sum(iif(${isLostStatus}, d.charged - d.refunded, 0)) AS lost
  FROM case_facets f JOIN case_daily_totals d ON d.facet_id = f.facet_id
  WHERE f.outcome <> 'no_job' AND ${days} GROUP BY 1, 2, 3`
