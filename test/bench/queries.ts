/** The time of queries that a screen waits for: on an idle app, and while the writer syncs. */
import { seededRandom } from '../../src/shared/random.ts'
import { type Account, onCopy } from './accounts.ts'
import { type BenchCore, openCore, openIdleCore } from './bench-core.ts'
import { countRecords } from './changes.ts'
import type { Plan } from './plan.ts'
import { type Query, type QueryGroup, screenQueries, searchQueries } from './query-list.ts'
import type { Reading } from './report.ts'
import { type Effort, elapsed, quantile, sample } from './statistics.ts'

type Column = 'idle' | 'syncing'

const starts = 3

export const measureQueries = (account: Account, plan: Plan): Promise<Reading[]> =>
  measureGroups(account, plan, (core) => screenQueries(account, core))

export async function measureSearch(account: Account, plan: Plan): Promise<Reading[]> {
  const repeated = await measureGroups(account, plan, async () => searchQueries())
  return [...repeated, await measureFirstSearches(account)]
}

/** The slowest search of those that are asked for the first time after a start of the core. */
function measureFirstSearches(account: Account): Promise<Reading> {
  return onCopy(account, async (dataDir) => {
    const times: number[] = []
    const groups = searchQueries()
    for (let start = 0; start < starts; start++) {
      const core = await openIdleCore(dataDir, account.service)
      for (const { name, ask } of groups.flatMap(({ queries }) => queries))
        times.push(await elapsed(() => ask(core, seededRandom(name.length))))
      await core.close()
    }
    const common = { table: groups[0]?.title as string, jobs: account.jobs, column: 'idle' } as const
    return {
      ...common,
      name: 'slowest search after a start',
      unit: 'ms',
      values: [Math.max(...times)],
      goal: { atMost: 40 },
    }
  })
}

async function measureGroups(
  account: Account,
  { effort }: Plan,
  makeGroups: (core: BenchCore) => Promise<QueryGroup[]>,
): Promise<Reading[]> {
  const { service } = account
  return onCopy(account, async (dataDir) => {
    const idle = await openIdleCore(dataDir, service)
    const groups = await makeGroups(idle)
    const readings = await measureColumn(account, idle, groups, 'idle', effort)
    await idle.close()

    await service.set({ feed: 'older', rounds: Number.MAX_SAFE_INTEGER })
    const busy = await openCore(dataDir, service)
    await nextPage(busy)
    const counter = countRecords(busy)
    const begin = performance.now()
    readings.push(...(await measureColumn(account, busy, groups, 'syncing', effort)))
    await nextPage(busy)
    const rows = counter.stop()
    const perSecond = (1_000 * rows) / (performance.now() - begin)
    await busy.close()
    await service.set({ rounds: 0 })
    if (rows === 0) throw new Error('The sync ended before the queries.')
    const table = groups[0]?.title as string
    const name = 'rows per second synced meanwhile'
    return [...readings, { table, name, unit: '', jobs: account.jobs, column: 'syncing', values: [perSecond] }]
  })
}

/** Resolves once the sync has stored a page, or has ended. */
const nextPage = (core: BenchCore) =>
  core.next((event) =>
    event.type === 'data'
      ? event.jobs + event.transactions > 0
      : event.type === 'sync' && event.state.status !== 'running',
  )

async function measureColumn(
  { jobs }: Account,
  core: BenchCore,
  groups: QueryGroup[],
  column: Column,
  effort: Effort,
): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const { title, goals, queries } of groups) {
    const common = { table: title, jobs, column } as const
    const measured: Reading[] = []
    for (const query of queries) {
      measured.push({ ...common, name: query.name, unit: '', values: await times(core, query, effort) })
    }
    readings.push(...measured)
    if (goals === null) continue
    const slowest = Math.max(...measured.map(({ values }) => values.at(-1) as number))
    const limit = goals[column]
    const goal = limit === null ? undefined : { atMost: limit }
    readings.push({ ...common, name: `${goals.name} at p99`, unit: 'ms', values: [slowest], goal })
  }
  return readings
}

async function times(core: BenchCore, { name, ask }: Query, effort: Effort): Promise<[number, number]> {
  const random = seededRandom(name.length)
  const all = await sample(() => ask(core, random), effort)
  return [quantile(all, 0.5), quantile(all, 0.99)]
}
