import type { DayTotals, LedgerItem, LedgerPage } from '../../../shared/views.ts'

/** A row of the ledger: the heading of a day, with its totals if they are loaded, or a transaction. */
export type LedgerRow =
  | { type: 'day'; day: string; at: number; totals: DayTotals | null }
  | { type: 'transaction'; item: LedgerItem }

/** The rows of all pages, with a heading before each day's transactions. `dayOf` returns the local day of a time. */
export function ledgerRows(pages: readonly LedgerPage[], dayOf: (at: number) => string): LedgerRow[] {
  const totals = new Map(pages.flatMap((page) => page.days.map((day) => [day.day, day])))
  const rows: LedgerRow[] = []
  let current = ''
  for (const item of pages.flatMap((page) => page.items)) {
    const day = dayOf(item.occurredAt)
    if (day !== current) rows.push({ type: 'day', day, at: item.occurredAt, totals: totals.get(day) ?? null })
    current = day
    rows.push({ type: 'transaction', item })
  }
  return rows
}

export const isDay = (row: LedgerRow): boolean => row.type === 'day'

/** The key of a transaction's row. */
export const transactionKey = (id: string, account: string | null = null): string =>
  account === null ? `transaction ${id}` : `transaction ${account}/${id}`

export const rowKey = (row: LedgerRow): string =>
  row.type === 'day' ? row.day : transactionKey(row.item.id, row.item.account)
