import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRenewalStore, type RenewalStore } from '../../src/renderer/data/renewals.ts'
import type { Bridge } from '../../src/shared/bridge.ts'
import type { CoreEvent } from '../../src/shared/events.ts'
import type { JobName, RenewalState } from '../../src/shared/views.ts'

let store: RenewalStore
/** The jobs of each request, by number. */
let requests: number[][]
/** The answer for each job. */
let answers: (index: number) => RenewalState
let listener: (event: CoreEvent) => void

beforeEach(() => {
  vi.useFakeTimers()
  requests = []
  answers = () => 'lapsed'
  const bridge = {
    host: 'browser',
    mediaUrl: () => '',
    subscribe(given: typeof listener) {
      listener = given
      return () => {}
    },
    async request(_: string, { jobs }: { jobs: JobName[] }) {
      requests.push(jobs.map(({ jobId }) => Number(jobId)))
      const data = jobs.map((job) => ({ ...job, state: answers(Number(job.jobId)) }))
      return { ok: true, data: data.filter(({ state }) => state !== undefined) }
    },
  } as unknown as Bridge
  store = createRenewalStore(bridge)
})
afterEach(() => {
  vi.useRealTimers()
})

const job = (index: number): JobName => ({ agent: 'agent-1', jobId: String(index) })
const stateOf = (index: number) => store.renewalOf(job(index))?.state
/** Lets requests and their answers pass. */
const settle = () => vi.advanceTimersByTimeAsync(0)
async function report(...indexes: number[]) {
  const leave = indexes.map((index) => store.report(job(index)))
  await settle()
  return () => {
    for (const one of leave) one()
  }
}

test('asks for four jobs per request, the newest report first', async () => {
  await report(1, 2, 3, 4, 5, 6)
  expect(requests).toEqual([
    [3, 4, 5, 6],
    [1, 2],
  ])
})

test('does not ask for a job that has left the page', async () => {
  const leave = store.report(job(1))
  store.report(job(2))
  leave()
  await settle()
  expect(requests).toEqual([[2]])
})

test('asks for a job once, however many of its files are missing', async () => {
  await report(1, 1, 1)
  expect(requests).toEqual([[1]])
})

test('lets the files of a job load again when their addresses are new, and asks again if they fail again', async () => {
  answers = () => 'renewed'
  const leave = await report(1)
  expect(store.renewalOf(job(1))).toEqual({ state: 'renewed', attempt: 1 })
  leave()
  answers = () => 'lapsed'
  await report(1)
  expect(store.renewalOf(job(1))).toEqual({ state: 'lapsed', attempt: 1 })
  expect(requests).toEqual([[1], [1]])
})

test('asks again every 30 seconds while the core waits, and never for a job without new addresses', async () => {
  answers = (index) => (index === 1 ? 'waiting' : 'lapsed')
  await report(1)
  await report(2)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(requests.at(-1)).toContain(1)
  answers = () => 'lapsed'
  await vi.advanceTimersByTimeAsync(30_000)
  const asked = requests.length
  await vi.advanceTimersByTimeAsync(600_000)
  expect(requests).toHaveLength(asked)
  expect([stateOf(1), stateOf(2)]).toEqual(['lapsed', 'lapsed'])
})

test('takes a job that the core leaves out for failed, and does not ask for it again', async () => {
  answers = (index) => (index === 1 ? (undefined as never) : 'lapsed')
  await report(1)
  expect(requests).toEqual([[1]])
  expect(stateOf(1)).toBe('failed')
})

test('keeps what it knows on screen while it asks again', async () => {
  answers = () => 'waiting'
  await report(1, 2, 3, 4, 5)
  const shown = new Set<unknown>()
  store.subscribe(() => shown.add(store.notice()).add(stateOf(1)))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(requests).toHaveLength(4)
  expect([...shown]).toEqual(['waiting'])
})

test('asks again after new records have arrived, once a second at most', async () => {
  await report(1)
  answers = () => 'renewed'
  const event: CoreEvent = { type: 'data', jobs: 1, transactions: 0, cases: 1, account: false, sequence: 1 }
  for (let sent = 0; sent < 20; sent++) listener(event)
  await settle()
  expect(requests).toEqual([[1], [1]])
  expect(store.renewalOf(job(1))).toEqual({ state: 'renewed', attempt: 1 })
  listener({ ...event, jobs: 0 })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(requests.length).toBeLessThanOrEqual(3)
})

describe('the notice', () => {
  test.each([
    [['lapsed', 'lapsed'], null],
    [['failed', 'failed', 'failed'], null],
    [['lapsed', 'lapsed', 'failed'], null],
    [['unplayable', 'unplayable', 'unplayable'], null],
    [['lapsed', 'lapsed', 'lapsed'], 'lapsed'],
    [['lapsed', 'waiting', 'lapsed'], 'waiting'],
  ] as const)('for jobs that are %j is %j', async (states, expected) => {
    answers = (index) => states[index] as RenewalState
    await report(...states.keys())
    expect(store.notice()).toBe(expected)
  })

  test('says that the app asks, and goes away with the files', async () => {
    const leave = await report(0, 1, 2)
    store.report(job(3))
    expect(store.notice()).toBe('asking')
    await settle()
    expect(store.notice()).toBe('lapsed')
    leave()
    expect(store.notice()).toBeNull()
  })
})
