import { describe, expect, it } from 'vitest'
import { creditsPath, readCreditsFilter } from '../../src/renderer/navigation/credits-path.ts'
import { ledgerRows, rowKey } from '../../src/renderer/screens/credits/ledger-rows.ts'
import type { DayTotals, LedgerPage } from '../../src/shared/views.ts'
import { ledger } from '../support/fixture-records.ts'

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)
const totals = (day: string): DayTotals => ({ day, charged: 1, refunded: 0 })

describe('the lines of the ledger', () => {
  const [first, second, third] = ledger
  if (!first || !second || !third) throw new Error('the fixture has a ledger')
  const at = (item: typeof first, time: string) => ({ ...item, occurredAt: Date.parse(time) })
  const pages: LedgerPage[] = [
    {
      items: [at(first, '2026-01-03T10:00:00Z'), at(second, '2026-01-02T10:00:00Z')],
      days: [totals('2026-01-03'), totals('2026-01-02')],
      next: 'more',
      searchedNewest: null,
    },
    { items: [at(third, '2026-01-02T09:00:00Z')], days: [totals('2026-01-02')], next: null, searchedNewest: null },
  ]

  it('have each day once, also where it spans two pages', () => {
    expect(ledgerRows(pages, dayOf).map(rowKey)).toEqual([
      '2026-01-03',
      `transaction ${first.id}`,
      '2026-01-02',
      `transaction ${second.id}`,
      `transaction ${third.id}`,
    ])
  })

  it('name sums only where they are known', () => {
    const sums = (from: LedgerPage[]) =>
      ledgerRows(from, dayOf).flatMap((row) => (row.type === 'day' ? [row.totals] : []))
    expect(sums(pages)).toEqual([totals('2026-01-03'), totals('2026-01-02')])
    expect(sums(pages.map((page) => ({ ...page, days: [] })))).toEqual([null, null])
  })
})

describe('the address of the ledger', () => {
  it('is read back as it was written', () => {
    const filter = { kinds: ['charge', 'a,b'], features: ['video' as const], text: '100% & 고양이', row: 'txn/1?#' }
    expect(readCreditsFilter(creditsPath(filter).split('?')[1] ?? '')).toEqual(filter)
    expect(creditsPath()).toBe('/credits')
    expect(readCreditsFilter('feature=alchemy').features).toEqual([])
  })
})
