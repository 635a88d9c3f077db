import { describe, expect, it } from 'vitest'
import { creditsPath, readCreditsFilter } from '../../src/renderer/navigation/credits-path.ts'
import { ledgerRows, rowKey } from '../../src/renderer/screens/credits/ledger-rows.ts'
import type { DayTotals, LedgerPage } from '../../src/shared/views.ts'
import { makeLedgerItem } from '../support/records.ts'

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)
const totals = (day: string): DayTotals => ({ day, charged: 1, refunded: 0 })

describe('the rows of the ledger', () => {
  const row = (id: string, time: string) => makeLedgerItem({ id, occurredAt: Date.parse(time) })
  const pages: LedgerPage[] = [
    {
      items: [row('first', '2026-01-03T10:00:00Z'), row('second', '2026-01-02T10:00:00Z')],
      days: [totals('2026-01-03'), totals('2026-01-02')],
      next: 'more',
      searchedNewest: null,
    },
    { items: [row('third', '2026-01-02T09:00:00Z')], days: [totals('2026-01-02')], next: null, searchedNewest: null },
  ]

  it('has one heading per day, also if the day spans two pages', () => {
    expect(ledgerRows(pages, dayOf).map(rowKey)).toEqual([
      '2026-01-03',
      'transaction first',
      '2026-01-02',
      'transaction second',
      'transaction third',
    ])
  })

  it('shows the totals of a day only if they are known', () => {
    const sums = (from: LedgerPage[]) =>
      ledgerRows(from, dayOf).flatMap((row) => (row.type === 'day' ? [row.totals] : []))
    expect(sums(pages)).toEqual([totals('2026-01-03'), totals('2026-01-02')])
    expect(sums(pages.map((page) => ({ ...page, days: [] })))).toEqual([null, null])
  })
})

describe('the address of the ledger', () => {
  it('reads back the filter that it wrote', () => {
    const filter = { kinds: ['charge', 'a,b'], features: ['video' as const], text: '100% & 고양이', row: 'txn/1?#' }
    expect(readCreditsFilter(creditsPath(filter).split('?')[1] ?? '')).toEqual(filter)
    expect(creditsPath()).toBe('/credits')
    expect(readCreditsFilter('feature=alchemy').features).toEqual([])
  })
})
