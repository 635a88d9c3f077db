/** Work after the first sync: changes arrive, and every case is decided again. */
import { type Account, onCopy } from './accounts.ts'
import { type BenchCore, openIdleCore } from './bench-core.ts'
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

/** A new policy of the account makes the app decide every case again. */
export async function measureCases(account: Account): Promise<Reading[]> {
  const { jobs, service } = account
  const perSecond = await onCopy(account, async (dataDir) => {
    const core = await openIdleCore(dataDir, service)
    const { all } = await core.ask('refunds.counts', {})
    const times: number[] = []
    for (const refundGraceSeconds of [3_600, 7_200, 86_400]) {
      await service.set({ refundGraceSeconds })
      times.push(await elapsed(() => readAccount(core)))
    }
    await core.close()
    return (1_000 * all) / median(times)
  })
  return [{ table, name: 'refund cases decided anew', unit: 'cases/s', jobs, values: [perSecond] }]
}

/** The account is read first, and its event follows the decisions. */
async function readAccount(core: BenchCore): Promise<void> {
  const read = core.next((event) => event.type === 'data' && event.account)
  await Promise.all([core.sync(), read])
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
