/** Which charges of a case are open, as far as the rows that gave credits back tell. */
import type { CaseRow } from './case-credits.ts'

/** A charge that the service still lists; the amount is positive, the time in epoch ms. */
export interface StandingCharge {
  amount: number
  at: number
}

export interface OpenCharges {
  /** The charges that no rows are known to have given back whole, oldest first. */
  standing: StandingCharge[]
  /** The time of the last charge that is open in any case: rows that reverse none gave the newest charges back. Null if none is. */
  openSince: number | null
  /** The time of the last charge that may be open: rows that reverse none gave other charges back. Null if none is. */
  openUntil: number | null
}

interface Debit extends StandingCharge {
  id: string
  isCharge: boolean
  left: number
}

/** Finds the open charges of a case. Credits that were taken back again count as a charge of that time. */
export function openCharges(rows: readonly CaseRow[]): OpenCharges {
  const listed = rows
    .filter((row) => !row.isRetracted && !row.isUnnamed && row.amount !== 0)
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.amount - b.amount)
  const debits = listed.filter(({ amount }) => amount < 0).map(toDebit)
  const byId = new Map(debits.map((debit) => [debit.id, debit]))
  // What a row gives back beyond the charge that it reverses, or without one.
  const rests = new Map<CaseRow, number>()
  for (const row of listed.filter(({ amount }) => amount > 0)) {
    const reversed = byId.get(row.reverses ?? '')
    const given = Math.min(row.amount, reversed?.left ?? 0)
    if (reversed) reversed.left -= given
    rests.set(row, row.amount - given)
  }
  const open = debits.filter(({ left }) => left > 0)
  const found = {
    standing: open.filter(({ isCharge }) => isCharge).map(({ amount, at }) => ({ amount, at })),
    openUntil: open.at(-1)?.at ?? null,
  }
  // Rows of one time come in the order of their amounts: charges first.
  const newest: Debit[] = []
  for (const row of listed) {
    const debit = byId.get(row.id)
    if (debit && debit.left > 0) newest.push(debit)
    for (let rest = rests.get(row) ?? 0, last = newest.at(-1); rest > 0 && last; last = newest.at(-1)) {
      const given = Math.min(rest, last.left)
      rest -= given
      last.left -= given
      if (last.left === 0) newest.pop()
    }
  }
  return { ...found, openSince: newest.at(-1)?.at ?? null }
}

const toDebit = ({ id, kind, amount, occurredAt }: CaseRow): Debit => ({
  id,
  isCharge: kind === 'charge',
  amount: -amount,
  at: occurredAt,
  left: -amount,
})
