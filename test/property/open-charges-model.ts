/** A second, simple implementation of which charges of a case are open. */
import type { CreditTransaction } from '../../src/core/service/schemas.ts'

/** Charges that no rows gave back whole by name, and the times of the last charges that are and that may be open. */
export interface OpenModel {
  standing: { credits: number; at: number }[]
  openSince: number | null
  openUntil: number | null
}

/** `rows`: the listed rows of a case that name it. */
export function openOf(rows: readonly CreditTransaction[]): OpenModel {
  const byTime = rows.toSorted((a, b) => a.occurredAt - b.occurredAt)
  const takes = byTime.filter(({ amount }) => amount < 0).map((row) => ({ row, at: row.occurredAt, left: -row.amount }))
  const gifts = byTime
    .filter(({ amount }) => amount > 0)
    .map(({ amount, reverses, occurredAt: at }) => {
      const taken = takes.find(({ row }) => row.id === reverses)
      const used = Math.min(amount, taken?.left ?? 0)
      if (taken) taken.left -= used
      return { at, left: amount - used }
    })
  const open = takes.filter(({ left }) => left > 0)
  const times = [...new Set(open.map(({ at }) => at))]
  const since = (some: typeof gifts, time: number) =>
    some.filter(({ at }) => at >= time).reduce((sum, { left }) => sum + left, 0)
  /** Whether everything that was taken after a time may have come back after it was taken. */
  const mayBeBack = (after: number) =>
    times.every((time) => time <= after || since(open as typeof gifts, time) <= since(gifts, time))
  return {
    standing: open.filter(({ row }) => row.kind === 'charge').map(({ row, at }) => ({ credits: -row.amount, at })),
    openSince: times.find(mayBeBack) ?? null,
    openUntil: times.at(-1) ?? null,
  }
}
