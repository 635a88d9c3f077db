/** A bench whose account states a balance, and a failed job whose refund the balance may disprove. */
import { beforeEach, expect } from 'vitest'
import { verifyStore } from '../../src/core/store/verify.ts'
import type { CaseDetail } from '../../src/shared/views.ts'
import { withBench } from '../support/hooks.ts'
import { minute } from '../support/records.ts'

export const noon = Date.UTC(2026, 0, 28, 12)
export const hour = 60 * minute
export const day = 24 * hour
export const at = (time: number) => new Date(time).toISOString()
export const name = 'job:agent-1:failed'
export const claims = ({ evidence }: CaseDetail) => evidence.map(({ claim }) => claim)

/** A new bench for every test of a file: 100 credits were granted, and a job for 33 failed at noon. */
export function withStatedBalance() {
  const bench = withBench()

  /** A failed job with its charge: from 100 credits, 67 are left. The refund grace is 10 minutes. */
  function failAtNoon(balanceAfter: number | null = 67): void {
    bench.fake.addJob({
      id: 'failed',
      status: 'failed',
      failure: { code: 'render_timeout', origin: 'system', message: null },
      results: [],
      createdAt: at(noon - minute),
      startedAt: at(noon - minute),
      finishedAt: at(noon),
    })
    addRow('charge', -33, noon - minute, balanceAfter, { jobId: 'failed', agent: 'agent-1' })
  }

  function addRow(id: string, amount: number, time: number, balanceAfter: number | null, more: object = {}): void {
    const kind = amount < 0 ? 'charge' : 'grant'
    bench.fake.addTransaction({ id, kind, feature: 'video', amount, occurredAt: at(time), balanceAfter, ...more })
  }
  const chat = (id: string, amount: number, time: number, balanceAfter: number | null) =>
    addRow(id, amount, time, balanceAfter, { feature: 'chat' })
  const refund = (time: number, balanceAfter: number | null) =>
    addRow('refund', 33, time, balanceAfter, { kind: 'refund', jobId: 'failed', agent: 'agent-1' })

  /** Syncs at a time at which the account states this balance. The file must stay sound. */
  async function syncAt(time: number, balance: number): Promise<void> {
    bench.clock.time = time
    Object.assign(bench.fake.account, { balance, balanceAsOf: at(time) })
    await bench.sync()
    expect(verifyStore(bench.database, time).filter(({ broken }) => broken > 0)).toEqual([])
  }

  const theCase = (): Promise<CaseDetail> => bench.ask('refunds.get', { case: name })

  beforeEach(() => {
    addRow('grant', 100, noon - hour, 100)
    failAtNoon()
  })

  return { bench, failAtNoon, addRow, chat, refund, syncAt, theCase }
}
