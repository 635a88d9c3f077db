/** Runs the measures of a plan, size by size. */
import { temporaryFolder } from '../support/core.ts'
import { type Account, prepareAccount } from './accounts.ts'
import { measureCases, measureIncrementalSync } from './changes.ts'
import { measureExports, measureVerify } from './commands.ts'
import { measureFirstSync, measureSize } from './first-sync.ts'
import { measureImport } from './import.ts'
import { measureMatching, measureMatchingTime } from './matching.ts'
import { measureMemory } from './memory.ts'
import type { MeasureName, Plan } from './plan.ts'
import { measureQueries, measureSearch } from './queries.ts'
import type { Reading } from './report.ts'
import { measureScrolling } from './scroll.ts'
import { measureStart } from './start.ts'
import { measureTyping } from './typing.ts'

const measures: Record<
  Exclude<MeasureName, 'start' | 'import' | 'matching'>,
  (account: Account, plan: Plan) => Promise<Reading[]>
> = {
  sync: measureFirstSync,
  size: measureSize,
  incremental: measureIncrementalSync,
  queries: measureQueries,
  search: measureSearch,
  cases: measureCases,
  typing: measureTyping,
  scroll: measureScrolling,
  memory: measureMemory,
  verify: measureVerify,
  export: measureExports,
}

export interface Outcome {
  readings: Reading[]
  /** Failed measures with their errors. A failed measure does not stop the others. */
  failures: string[]
}

/** Runs all measures of the plan. `say` receives progress messages. */
export async function runBench(plan: Plan, say: (line: string) => void): Promise<Outcome> {
  const temporary = plan.keep === null ? temporaryFolder() : null
  const folder = temporary?.path ?? (plan.keep as string)
  const accounts: Account[] = []
  const outcome: Outcome = { readings: [], failures: [] }
  const attempt = async (name: string, measure: () => Promise<Reading[]>) => {
    say(name)
    try {
      outcome.readings.push(...(await measure()))
    } catch (error) {
      outcome.failures.push(`${name}: ${error}`)
    }
  }
  try {
    const ofAccounts = plan.measures.filter((name) => name !== 'import' && name !== 'matching')
    for (const jobs of ofAccounts.length > 0 ? plan.sizes : []) {
      say(`${jobs} jobs`)
      const account = await prepareAccount(jobs, plan, folder)
      accounts.push(account)
      for (const name of ofAccounts) {
        if (name !== 'start') await attempt(`${name} at ${jobs} jobs`, () => measures[name](account, plan))
      }
    }
    if (plan.measures.includes('import')) {
      for (const rows of plan.sizes) await attempt(`import of ${rows} rows`, () => measureImport(rows))
    }
    if (plan.measures.includes('matching')) {
      await attempt('matching', measureMatching)
      for (const charges of plan.sizes)
        await attempt(`matching of ${charges} charges`, () => measureMatchingTime(charges))
    }
    if (plan.measures.includes('start')) await attempt('start', () => measureStart(accounts))
  } finally {
    for (const account of accounts) await account.close()
    temporary?.remove()
  }
  return outcome
}
