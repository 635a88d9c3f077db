import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startReminders } from '../../src/core/reminders.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { createSupportCase, updateSupportCase } from '../../src/core/store/cases/support.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { CoreEventBody } from '../../src/shared/events.ts'
import { type TestClock, temporaryFolder, testClock } from '../support/core.ts'
import { makeAccount, midnight, minute } from '../support/records.ts'

const hour = 60 * minute
let folder: ReturnType<typeof temporaryFolder>
let store: Store
let database: Writable
let account: number
let clock: TestClock
let told: CoreEventBody[]

beforeEach(() => {
  vi.useFakeTimers()
  folder = temporaryFolder()
  store = openStore(folder.path)
  database = store.writer as Writable
  account = saveAccount(database, makeAccount(), midnight).accountId
  clock = testClock(midnight)
  told = []
})
afterEach(() => {
  vi.useRealTimers()
  store.close()
  folder.remove()
})

const start = () => startReminders(database, clock, (event) => told.push(event))
const write = (subject: string) =>
  createSupportCase(database, account, { cases: ['charge:a'], subject, text: '' }, midnight).id
const remind = (id: number, remindAt: number | null) => updateSupportCase(database, account, id, { remindAt }, midnight)
const pass = (ms: number) => {
  clock.time += ms
  vi.advanceTimersByTime(ms)
}

test('reminds once at the due time, however far away', () => {
  const id = write('lost')
  const reminders = start()
  remind(id, midnight + 72 * hour)
  reminders.check()
  for (let passed = 0; passed < 71; passed++) pass(hour)
  expect(told).toEqual([])
  pass(hour)
  expect(told).toEqual([{ type: 'reminder', id, subject: 'lost', account: null }])
  reminders.check()
  pass(hour)
  expect(told).toHaveLength(1)
  remind(id, clock.time + hour)
  reminders.check()
  pass(hour)
  expect(told).toHaveLength(2)
  reminders.close()
})

test('reminds at the start of overdue entries, but not of resolved or deleted ones', () => {
  const [late, resolved, taken] = [write('late'), write('resolved'), write('taken back')]
  for (const id of [late, resolved, taken]) remind(id, midnight - hour)
  updateSupportCase(database, account, resolved, { state: 'resolved' }, midnight)
  remind(taken, null)
  start().close()
  expect(told).toEqual([{ type: 'reminder', id: late, subject: 'late', account: null }])
})

test('stops with the core', () => {
  remind(write('lost'), midnight + hour)
  start().close()
  pass(2 * hour)
  expect(told).toEqual([])
})

test('reminds of messages of all accounts, and names the account', () => {
  const first = write('first')
  const other = saveAccount(database, makeAccount({ id: 'other', displayName: 'Other' }), midnight).accountId
  const { id } = createSupportCase(database, other, { cases: ['charge:a'], subject: 'second', text: '' }, midnight)
  remind(first, midnight + hour)
  updateSupportCase(database, other, id, { remindAt: midnight + hour }, midnight)
  const reminders = start()
  pass(hour)
  expect(told).toEqual([
    {
      type: 'reminder',
      id,
      subject: 'second',
      account: expect.objectContaining({ id: 'other', displayName: 'Other' }),
    },
    { type: 'reminder', id: first, subject: 'first', account: expect.objectContaining({ id: 'account-1' }) },
  ])
  reminders.close()
})
