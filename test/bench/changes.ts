/** Work after the first sync: changes arrive, and every case is decided again. */
import { markForRebuild, rebuildAll } from '../../src/core/store/projections/projection.ts'
import { scalar } from '../../src/core/store/statement.ts'
import { openStore } from '../../src/core/store/store.ts'
import { type Account, onCopy } from './accounts.ts'
import { type BenchCore, openIdleCore } from './bench-core.ts'
import { now } from './calendar.ts'
import { newsPerRound } from './feeds.ts'
import type { Reading } from './report.ts'
import { elapsed, median } from './statistics.ts'

const table = 'Changes'
const rounds = 5

/** Syncs of a thousand changes each: changed and new jobs of both agents, and new ledger rows. */
export async function measureIncrementalSync(account: Account): Promise<Reading[]> {
  const { jobs, service } = account
  const times = await onCopy(account, async (dataDir) => {
    const core = await openIdleCore(dataDir, service)
    const times: number[] = []
    for (let round = 1; round <= rounds; round++) {
      const counter = countRecords(core)
      await service.set({ feed: 'news', rounds: round })
      times.push(await elapsed(core.sync))
      if (counter.stop() !== newsPerRound) throw new Error('A sync of changes did not bring all of them.')
    }
    await core.close()
    await service.set({ rounds: 0 })
    return times
  })
  const name = `sync of ${newsPerRound.toLocaleString('en-US')} changes, median / slowest of ${rounds}`
  return [{ table, name, unit: 'ms', jobs, values: [median(times), Math.max(...times)] }]
}

/** Another version of the rules makes the app decide every case again, in slices. */
export async function measureCases(account: Account): Promise<Reading[]> {
  const perSecond = await onCopy(account, async (dataDir) => {
    const store = openStore(dataDir)
    const cases = scalar<[], number>(store.reader, 'SELECT count(*) FROM refund_cases').get() as number
    const times: number[] = []
    for (let round = 1; round <= rounds; round++) {
      markForRebuild(store.writer, ['cases'])
      times.push(await elapsed(async () => rebuildAll(store.writer, now)))
    }
    store.close()
    return (1_000 * cases) / median(times)
  })
  return [{ table, name: 'refund cases decided anew', unit: 'cases/s', jobs: account.jobs, values: [perSecond] }]
}

/** Counts the jobs and ledger rows that a sync writes. */
export function countRecords(core: BenchCore): { stop(): number } {
  let records = 0
  const unsubscribe = core.subscribe((event) => {
    if (event.type === 'data') records += event.jobs + event.transactions
  })
  return {
    stop() {
      unsubscribe()
      return records
    },
  }
}
