/** The plans of the statements that a test prepared, and the faults that no plan may have. */
import type { Readable } from '../../src/core/store/handles.ts'

/** Collects the text of every statement that `database` prepares from now on. */
export function recordStatements(database: Readable): string[] {
  const texts: string[] = []
  const prepare = database.prepare.bind(database) as (sql: string) => never
  database.prepare = (sql: string) => {
    texts.push(sql)
    return prepare(sql)
  }
  return texts
}

const table = '(?:jobs|j|import_rows|credit_transactions|t|o|refund_cases|c|results|r|kept_originals|k|job_tombstones)'
export const reads = /\b(?:SCAN|SEARCH) \w+/
export const scan = new RegExp(`\\bSCAN ${table}\\b`)
/** An index on the account alone finds every row of a user, unless it is a partial index of few rows, or of what a folder knows. */
const ofFew = '(?!cases_dismissed|cases_over_refunded|credits_apart|credits_retracted|jobs_of_folders|jobs_of_imports)'
export const wholeAccount = new RegExp(`\\bSEARCH ${table} USING .*INDEX ${ofFew}\\w+ \\(account_id=\\?\\)`)
/** A sort reads all rows, even if the query returns few. */
export const sort = /TEMP B-TREE FOR ORDER BY/
/** A view that SQLite does not replace by its tables is read whole before the conditions apply. */
export const wholeView = /(MATERIALIZE|CO-ROUTINE) v_/

export interface PlanLine {
  detail: string
  sql: string
}

/** The plans of all statements that read records. */
export const plansOf = (database: Readable, statements: readonly string[]): PlanLine[] =>
  [...new Set(statements)]
    .filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql) && !/(FROM|INTO) (v_)?accounts/.test(sql))
    .flatMap((sql) => {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      const named = Object.fromEntries((sql.match(/@\w+/g) ?? []).map((name) => [name.slice(1), null]))
      const parameters = (sql.match(/\?/g) ?? []).map(() => null)
      return (plan.all(...parameters, ...(sql.includes('@') ? [named] : [])) as { detail: string }[]).map(
        ({ detail }) => ({ detail, sql }),
      )
    })

export const linesWith = (plans: PlanLine[], ...faults: RegExp[]) =>
  plans.filter(({ detail }) => faults.some((fault) => fault.test(detail))).map(({ detail, sql }) => `${detail}: ${sql}`)
