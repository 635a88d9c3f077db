import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRenewals, type Renewals } from '../../src/core/media/renewals.ts'
import { ServiceError } from '../../src/core/service/errors.ts'
import type { Service } from '../../src/core/service/service.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { findResult } from '../../src/core/store/jobs/results.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { JobName } from '../../src/shared/views.ts'
import { quietLog, temporaryFolder, testClock } from '../support/core.ts'
import { agent1, applyChangesPage, applyListingPage, changesPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, midnight, minute } from '../support/records.ts'

const signal = new AbortController().signal
let folder: ReturnType<typeof temporaryFolder>
let store: Store
let service: { job: ReturnType<typeof vi.fn<Service['job']>> }
let renewals: Renewals
let isSignedIn: boolean
/** Ends the pause of the renewals. */
let endPause: () => void
const clock = testClock(midnight)

beforeEach(() => {
  folder = temporaryFolder()
  store = openStore(folder.path)
  const database = store.writer as Writable
  clock.time = midnight
  isSignedIn = true
  service = { job: vi.fn<Service['job']>(async (_, id) => jobWith(id, 'new')) }
  const sleep = () => new Promise<void>((resolve) => (endPause = resolve))
  renewals = createRenewals({
    database,
    service,
    clock: { ...clock, now: () => clock.time, sleep },
    log: quietLog,
    mayAsk: () => isSignedIn,
  })
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  applyListingPage(database, accountId, agent1, listingPage<{ id: string }>([]), midnight)
  const jobs = Array.from({ length: 40 }, (_, index) => jobWith(`job-${index}`, 'old'))
  applyChangesPage(database, accountId, agent1, changesPage(jobs as { id: string }[]), midnight)
})
afterEach(() => {
  renewals.close()
  store.close()
  folder.remove()
})

const jobWith = (id: string, age: string) =>
  makeJob({ id, results: [{ ...makeResult('result'), url: `https://m.carat.im/${id}/${age}`, thumbnailUrl: null }] })
const name = (index = 0): JobName => ({ agent: 'agent-1', jobId: `job-${index}` })
const addressOf = (job: JobName) => findResult(store.reader, { ...job, resultId: 'result' })?.url
const states = async (...indexes: number[]) => (await renewals.renewAll(indexes.map(name))).map(({ state }) => state)

test('stores the new addresses of a job', async () => {
  expect(await states(0)).toEqual(['renewed'])
  expect(addressOf(name())).toBe('https://m.carat.im/job-0/new')
  expect(service.job).toHaveBeenCalledExactlyOnceWith('agent-1', 'job-0', expect.any(AbortSignal))
})

test('asks for two jobs at a time', async () => {
  const answers: (() => void)[] = []
  service.job.mockImplementation((_, id) => new Promise((resolve) => answers.push(() => resolve(jobWith(id, 'new')))))
  const renewed = renewals.renewAll([0, 1, 2, 3, 4].map(name))
  for (let answered = 0; answered < 5; answered++) {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(answered))
    expect(answers.length).toBeLessThanOrEqual(answered + 2)
    answers[answered]?.()
  }
  expect(await renewed).toHaveLength(5)
})

test('lets a job without new addresses rest, whether it still exists or not', async () => {
  service.job.mockImplementation(async (_, id) => (id === 'job-0' ? null : jobWith(id, 'old')))
  expect(await states(0, 1)).toEqual(['lapsed', 'lapsed'])
  clock.time += 16 * minute - 1
  expect(await states(0, 1)).toEqual(['lapsed', 'lapsed'])
  expect(service.job).toHaveBeenCalledTimes(2)
  clock.time += 1
  await states(0, 1)
  expect(service.job).toHaveBeenCalledTimes(4)
})

test('lets a job rest longer each time if its new addresses lapse as well', async () => {
  let addresses = 0
  service.job.mockImplementation(async (_, id) => jobWith(id, `new-${addresses++}`))
  const waits: number[] = []
  let since = clock.time
  for (let minutes = 0; minutes < 180; minutes++) {
    const before = addresses
    await states(0)
    if (addresses > before && addresses > 1) waits.push((clock.time - since) / minute)
    if (addresses > before) since = clock.time
    clock.time += minute
  }
  expect(waits).toEqual([1, 4, 16, 60, 60])
})

test('stops for a while after twelve jobs in a row without new addresses', async () => {
  service.job.mockImplementation(async (_, id) => jobWith(id, 'old'))
  const all = Array.from({ length: 40 }, (_, index) => index)
  const found: string[] = []
  for (const index of all) found.push(...(await states(index)))
  expect(service.job).toHaveBeenCalledTimes(12)
  expect(found.filter((state) => state === 'lapsed')).toHaveLength(12)
  expect(found.filter((state) => state === 'waiting')).toHaveLength(28)
  endPause()
  service.job.mockImplementation(async (_, id) => jobWith(id, 'new'))
  await vi.waitFor(async () => expect(await states(20)).toEqual(['renewed']))
})

test('goes on after jobs that Carat no longer has', async () => {
  service.job.mockResolvedValue(null)
  for (let index = 0; index < 20; index++) expect(await states(index)).toEqual(['lapsed'])
  expect(service.job).toHaveBeenCalledTimes(20)
})

test('asks nothing while signed out', async () => {
  isSignedIn = false
  expect(await states(0)).toEqual(['waiting'])
  expect(service.job).not.toHaveBeenCalled()
  isSignedIn = true
  expect(await states(0)).toEqual(['renewed'])
})

test('stops for a while if the service cannot be reached', async () => {
  service.job.mockRejectedValue(new ServiceError('unreachable', { retryable: true }))
  expect(await states(0, 1, 2, 3)).toEqual(['waiting', 'waiting', 'waiting', 'waiting'])
  expect(service.job.mock.calls.length).toBeLessThanOrEqual(2)
  await expect(renewals.renew(name(4), signal)).rejects.toThrow('unreachable')
  service.job.mockImplementation(async (_, id) => jobWith(id, 'new'))
  endPause()
  await vi.waitFor(async () => expect(await states(0)).toEqual(['renewed']))
})
