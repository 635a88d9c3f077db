import { expect, test } from 'vitest'
import { koreanDayOf } from '../../src/core/domain/days.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { daysWithBalance } from '../../src/core/store/ledger/balance-rows.ts'
import { withNewStores } from '../support/hooks.ts'
import { applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeTransaction, midnight, minute } from '../support/records.ts'

const day = 24 * 60 * minute
let database: Writable
withNewStores(midnight + 9 * day, (opened) => {
  database = opened
})

test('finds the days whose oldest or newest rows state a balance', () => {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  // Five rows a day: none states a balance, then only the oldest, the one in the middle, and the newest.
  const rows = [null, 0, 2, 4].flatMap((stating, index) =>
    Array.from({ length: 5 }, (_, place) =>
      makeTransaction({
        id: `row ${index} ${place}`,
        occurredAt: midnight + index * day + place * minute,
        balanceAfter: place === stating ? 100 : null,
      }),
    ),
  )
  applyListingPage(database, accountId, credits, listingPage(rows), midnight + 9 * day)
  const first = koreanDayOf(midnight)
  const days = [0, 1, 2, 3].map((index) => first + index)
  expect(daysWithBalance(database, accountId, days, 2)).toEqual([first + 1, first + 3])
  expect(daysWithBalance(database, accountId, days, 3)).toEqual([first + 1, first + 2, first + 3])
  expect(daysWithBalance(database, accountId + 1, days, 3)).toEqual([])
})
