/** Which cases a sync decides again although their own records did not change. */
import { expect, test } from 'vitest'
import { doubtfulAfter, doubtfulCases } from '../../src/core/store/cases/doubtful-cases.ts'
import { noChanges } from '../../src/core/store/changes.ts'
import { scalar } from '../../src/core/store/statement.ts'
import { at, withHistory } from '../support/odd-history.ts'

const { bench, failed, row, syncedCase } = withHistory()
const day = 1_440

/** The names of the jobs that are decided again after the case of `changed` changed. */
function decidedAfter(changed: string): string[] {
  const reader = bench.database
  const caseOf = scalar<[string], number>(
    reader,
    'SELECT case_id FROM refund_cases c JOIN jobs j ON j.row_id = c.case_id / 2 WHERE j.id = ?',
  )
  const nameOf = scalar<[number], string>(reader, 'SELECT id FROM jobs WHERE row_id = ? / 2')
  const found = doubtfulAfter(reader, 1, noChanges(), new Set([caseOf.get(changed) as number]))
  return [...found].map((caseId) => nameOf.get(caseId) as string).sort()
}

test('are those whose charges are within the reach of an unlinked refund after the changed case', async () => {
  for (const [id, days] of [
    ['old', -300],
    ['near', -100],
    ['changed', -90],
    ['later', -5],
  ] as const) {
    failed(id, { createdAt: at(days * day), finishedAt: at(days * day + 5) })
    row(`charge-${id}`, -33, { jobId: id, occurredAt: at(days * day) })
  }
  row('compensation', 500, { kind: 'adjustment', source: 'promotion', feature: undefined, occurredAt: at(-88 * day) })
  await syncedCase('job:agent-1:later')
  expect(doubtfulCases(bench.database, 1).size).toBe(4)
  expect(decidedAfter('changed')).toEqual(['changed', 'near'])
  // No unlinked refund follows these.
  expect(decidedAfter('later')).toEqual([])
})
