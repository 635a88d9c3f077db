import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/core/host/clock.ts'
import type { Clock } from '../../src/core/ports.ts'
import { openTestCore, type TestCore, temporaryFolder, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService, failure, type LoggedRequest } from '../support/fake-service.ts'

const start = Date.UTC(2026, 0, 28, 12)
const day = 86_400_000
const grace = 2_000

let fake: FakeService
let folder: ReturnType<typeof temporaryFolder>
let opened: TestCore<Clock>
beforeEach(async () => {
  vi.useFakeTimers({ now: start, toFake: ['Date'] })
  fake = await createFakeService()
  fake.account.policy.refundGraceSeconds = grace / 1_000
  folder = temporaryFolder()
  // Between two tries it would really wait.
  const clock = { ...systemClock(), sleep: async () => {} }
  opened = openTestCore(folder.path, fake, clock)
})
afterEach(async () => {
  await opened.close()
  await fake.close()
  folder.remove()
  vi.useRealTimers()
})

const creditChanges = ({ path }: LoggedRequest) => path === '/v1/credits/transactions/changes'
const everything = () => true

/** Syncs at a time of the machine. The service shows the same time, except for faults that were set before. */
async function syncAt(time: number): Promise<void> {
  vi.setSystemTime(time)
  fake.fault(everything, { headers: { date: new Date(time).toUTCString() } }, Number.POSITIVE_INFINITY)
  await opened.core.syncOnce(testPatience)
  fake.clearFaults()
}

async function statusOf(name: string): Promise<string> {
  const answer = await opened.core.dispatch('refunds.get', { case: name })
  if (!answer.ok) throw new Error(answer.error.code)
  return (answer.data as { refundStatus: string }).refundStatus
}

test.each([
  ['a day ahead', { date: new Date(start + day).toUTCString() }],
  ['a day behind', { date: new Date(start - day).toUTCString() }],
  ['from a cache', { date: new Date(start - 7_200_000).toUTCString(), age: '7200' }],
])('never says "missing" after an answer whose Date is %s, while the refund cannot be read', async (_, headers) => {
  const job = fake.addJob({
    id: 'failed',
    status: 'failed',
    failure: { code: 'model_error', origin: 'system', message: null },
    createdAt: new Date(start - 60_000).toISOString(),
    finishedAt: new Date(start).toISOString(),
  })
  fake.addTransaction({ id: 'charge', kind: 'charge', amount: -33, jobId: job.id, agent: 'agent-1' })
  fake.fault(creditChanges, { headers })
  await syncAt(start)
  await syncAt(start + 500)

  fake.addTransaction({ id: 'refund', kind: 'refund', amount: 33, jobId: job.id, agent: 'agent-1' })
  fake.fault(({ path }) => path.startsWith('/v1/credits/'), failure(503, 'unavailable'), Number.POSITIVE_INFINITY)
  await syncAt(start + 5_000)
  expect(await statusOf('job:agent-1:failed')).toBe('cannot_tell')

  await syncAt(start + 6_000)
  expect(await statusOf('job:agent-1:failed')).toBe('refunded')
})
