import { expect, test } from 'vitest'
import { type KnownRecords, mayBeJob, mayGiveBack } from '../../src/core/domain/unreadable-records.ts'

const chargedAt = Date.UTC(2026, 0, 28)
const day = 86_400_000
const found = { jobId: 'job-1', ids: ['charge-1'], chargedAt, lastChargedAt: chargedAt }
const at = (days: number) => new Date(chargedAt + days * day).toISOString()

/** The account has two jobs, `job-2` of Agent 1.0 only, and two charges. */
const known: KnownRecords = {
  hasJob: (id, agent) => id === 'job-1' || (id === 'job-2' && agent !== 'agent-2'),
  hasRow: (id) => ['charge-1', 'charge-2'].includes(id),
}

/** Whether a record that was first seen a day after the charge may give the credits back. */
const may = (record: object | string, seenAt = chargedAt + day) =>
  mayGiveBack({ id: 'record', raw: typeof record === 'string' ? record : JSON.stringify(record), seenAt }, found, known)

test.each<[string, object | string, boolean]>([
  ['names nothing, an hour after the charge', { kind: 'refund', occurredAt: at(1 / 24), amount: '10' }, true],
  ['is of an unknown kind', { occurredAt: at(1), amount: 1.5 }, true],
  ['is cut off', '{"kind":"refund","occurredAt":"2026-01-29T00:00:00Z","memo":"환', true],
  ['names the job', { occurredAt: at(1), jobId: 'job-1' }, true],
  ['reverses the charge', { occurredAt: at(1), jobId: 'other', reverses: 'charge-1' }, true],
  ['names another job', { occurredAt: at(1), jobId: 'job-2' }, false],
  ['reverses another charge', { occurredAt: at(1), jobId: null, reverses: 'charge-2' }, false],
  ['names a job that we do not have', { occurredAt: at(1), jobId: 'job-3' }, true],
  ['names a job of the other agent', { occurredAt: at(1), jobId: 'job-2', agent: 'agent-2' }, true],
  ['reverses a row that we do not have', { occurredAt: at(1), reverses: 'charge-3' }, true],
  ['names another job beside such a row', { occurredAt: at(1), jobId: 'job-2', reverses: 'charge-3' }, false],
  ['is a charge', { kind: 'charge', occurredAt: at(1), amount: -10 }, false],
  ['is a charge above zero', { kind: 'charge', occurredAt: at(1), amount: 10 }, true],
  ['was written before the charge', { kind: 'refund', occurredAt: at(-1) }, false],
  ['was written more than 30 days after it', { kind: 'refund', occurredAt: at(31) }, false],
])('a record that %s may give credits back: %3$s', (_, record, expected) => {
  expect(may(record)).toBe(expected)
})

test.each(['1970-01-21T11:32:38Z', '2026-01-20T00:00:00', 'yesterday', 7])(
  'a record with the time %s was written before it was first seen',
  (occurredAt) => {
    expect(may({ occurredAt })).toBe(true)
    expect(may({ occurredAt }, chargedAt - 1)).toBe(false)
  },
)

const minute = day / 1_440
test('a record in the 30 days after the last charge may give credits back', () => {
  const record = { id: null, raw: JSON.stringify({ kind: 'refund', occurredAt: at(40) }), seenAt: chargedAt }
  expect(mayGiveBack(record, { ...found, lastChargedAt: chargedAt + 20 * day }, known)).toBe(true)
})

const charge = { jobId: 'job-1', revision: null, at: chargedAt, kind: 'image', agent: null, model: null }
const unnamed = { ...charge, jobId: null }
const job = { ...charge, revision: 3 }
const near = { createdAt: at(-1 / 1_440), kind: 'image' }

test.each([
  ['has the id that the charge names', 'job-1', {}, charge, true],
  ['has another id', 'job-2', near, charge, false],
  ['has no id that can be read, near the charge', null, near, charge, true],
  ['has no id that can be read, a day before the charge', null, { createdAt: at(-1) }, charge, false],
  ['is near a charge that names no job', 'job-2', near, unnamed, true],
  ['is near such a charge for other work', 'job-2', { ...near, kind: 'video' }, unnamed, false],
  ['is a newer revision of the job', 'job-1', { revision: 4 }, job, true],
  ['is of an unknown revision of the job', 'job-1', { revision: 'x' }, job, true],
  ['is an old revision of the job', 'job-1', { revision: 3 }, job, false],
])('a record that %s may be the job: %5$s', (_, id, record, sought, expected) => {
  expect(mayBeJob({ id, raw: JSON.stringify(record), seenAt: chargedAt + day }, sought)).toBe(expected)
})

test('a record without a time that can be read was created before it was first seen', () => {
  const raw = JSON.stringify({ createdAt: 'yesterday' })
  expect(mayBeJob({ id: null, raw, seenAt: chargedAt + minute }, charge)).toBe(true)
  expect(mayBeJob({ id: null, raw, seenAt: chargedAt - minute }, charge)).toBe(false)
})
