/** Refunds without ids, read week by week, against a filter of all of them. */
import { afterAll, expect, test } from 'vitest'
import { dayMs } from '../../src/core/domain/days.ts'
import { mayBeRefundOf, type OpenCase } from '../../src/core/domain/possible-links.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { fittingRefunds, unnamedRefunds } from '../../src/core/store/cases/unnamed-refunds.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeTransaction, midnight } from '../support/records.ts'

const hour = 3_600_000
const span = 60 * 24
const folder = temporaryFolder()
const store = openStore(folder.path)
const database = store.writer as Writable
const { accountId } = saveAccount(database, makeAccount(), midnight)
const rows = Array.from({ length: span / 3 }, (_, index) =>
  makeTransaction({
    id: `refund-${index}`,
    kind: 'refund',
    amount: index % 4 === 0 ? 33 : 10,
    model: index % 5 === 0 ? 'Another' : null,
    occurredAt: midnight + index * 3 * hour,
  }),
)
applyListingPage(database, accountId, credits, listingPage<{ id: string }>(rows), midnight + 90 * dayMs)
// As a table states them: only the day is known.
database.exec(`UPDATE credit_transactions SET precision_ms = ${dayMs} WHERE row_id % 3 = 0 OR id LIKE '%7'`)
afterAll(() => {
  store.close()
  folder.remove()
})

const openCase = fc
  .record({
    open: fc.constantFrom(10, 33, 7),
    model: fc.constantFrom(null, 'Another', 'Third'),
    at: fc.integer({ min: -2 * 24, max: span }),
    lasts: fc.integer({ min: 0, max: 48 }),
  })
  .map(({ at, lasts, ...work }): OpenCase => {
    const chargedAt = midnight + at * hour
    const rest = { caseId: 1, id: 'job', kind: null, agent: null, hasFailed: true, isShare: false }
    return { ...rest, ...work, chargedAt, lastChargedAt: chargedAt + lasts * hour }
  })

test('the refunds that fit an open amount are the first of all that fit it', () => {
  fc.assert(
    fc.property(
      fc.array(openCase, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 400 }),
      (cases, most) => {
        const findFitting = fittingRefunds(database, accountId)
        for (const open of cases) {
          const all = unnamedRefunds(database, accountId, open.open)
          const fitting = all.filter((refund) => mayBeRefundOf(refund, open))
          expect(findFitting(open, most)).toEqual(fitting.slice(0, most))
        }
      },
    ),
    { numRuns: 100 },
  )
})
