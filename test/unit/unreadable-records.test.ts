import { expect, test } from 'vitest'
import { mayGiveBack } from '../../src/core/domain/unreadable-records.ts'

const chargedAt = Date.UTC(2026, 0, 28)
const day = 86_400_000
const found = { jobId: 'job-1', ids: ['charge-1'], chargedAt }
const at = (days: number) => new Date(chargedAt + days * day).toISOString()

/** Whether a record that was first seen a day after the charge may give the credits back. */
const may = (record: object | string, seenAt = chargedAt + day) =>
  mayGiveBack({ raw: typeof record === 'string' ? record : JSON.stringify(record), seenAt }, found)

test.each<[string, object | string, boolean]>([
  ['names nothing, an hour after the charge', { kind: 'refund', occurredAt: at(1 / 24), amount: '10' }, true],
  ['is of an unknown kind', { occurredAt: at(1), amount: 1.5 }, true],
  ['is cut off', '{"kind":"refund","occurredAt":"2026-01-29T00:00:00Z","memo":"환', true],
  ['names the job', { occurredAt: at(1), jobId: 'job-1' }, true],
  ['reverses the charge', { occurredAt: at(1), jobId: 'other', reverses: 'charge-1' }, true],
  ['names another job', { occurredAt: at(1), jobId: 'job-2' }, false],
  ['reverses another charge', { occurredAt: at(1), jobId: null, reverses: 'charge-2' }, false],
  ['is a charge', { kind: 'charge', occurredAt: at(1) }, false],
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
