/**
 * Jumps: changes of the balance that no listed row explains. The stated balances of the ledger are compared with its rows,
 * once per day in Korea. Amounts are whole credits and signed: positive if the balance holds more than the rows.
 */

/** The fields of a ledger row from which the balance is followed. */
export interface BalanceRow {
  rowId: number
  amount: number
  balanceAfter: number | null
}

/** The step from one stated balance to the next. */
export interface BalanceStep {
  /** The last row of the step; `aboveAllIds` if the step ends at the balance of the account. */
  rowId: number
  /** The change of the balance beyond the listed rows of the step. */
  amount: number
  /** The sum of the retracted rows of the step. */
  retracted: number
  /** Credits charged on the days before the day at which the step ends. */
  used: number
}

export type JumpCause = 'retracted' | 'daily_reset' | 'lapsed'

/** A change of the balance that no listed row explains; `cause` is null if nothing else explains it. */
export interface Jump {
  rowId: number
  amount: number
  cause: JumpCause | null
}

/** Resets in a row from which a pattern counts. */
const fewestResets = 2

/** The balance before and after rows of one millisecond; null if their order is unknown. */
export function endsOf(rows: readonly BalanceRow[]): { before: number | null; after: number | null } {
  const stated = rows.map(({ amount, balanceAfter }) =>
    balanceAfter === null ? null : { before: balanceAfter - amount, after: balanceAfter },
  )
  if (stated.includes(null)) return { before: null, after: null }
  const known = stated as { before: number; after: number }[]
  const isElsewhere = (index: number, balance: number, side: 'before' | 'after') =>
    known.some((other, position) => position !== index && other[side] === balance)
  const only = (values: number[]) => (values.length === 1 ? (values[0] as number) : null)
  return {
    before: only(known.flatMap(({ before }, index) => (isElsewhere(index, before, 'after') ? [] : [before]))),
    after: only(known.flatMap(({ after }, index) => (isElsewhere(index, after, 'before') ? [] : [after]))),
  }
}

/**
 * The jumps among consecutive steps, with their causes. `retractedBefore` is the sum of the retracted rows before the first
 * step; `hasDailyCredits` means that the account gets free credits every day.
 */
export function jumpsOf(steps: readonly BalanceStep[], retractedBefore: number, hasDailyCredits: boolean): Jump[] {
  const causes = retractions(steps, retractedBefore)
  if (hasDailyCredits) for (const index of resets(steps, causes)) causes.set(index, 'daily_reset')
  return steps.flatMap(({ rowId, amount }, index) =>
    amount === 0 ? [] : [{ rowId, amount, cause: causes.get(index) ?? null }],
  )
}

/** The steps whose balance still counts retracted rows, or gives their credits back. */
function retractions(steps: readonly BalanceStep[], retractedBefore: number): Map<number, JumpCause> {
  const causes = new Map<number, JumpCause>()
  let counted = retractedBefore
  for (const [index, { amount, retracted }] of steps.entries()) {
    if (amount === 0) continue
    if (amount === retracted) counted += amount
    else if (amount === -counted) counted = 0
    else continue
    causes.set(index, 'retracted')
  }
  return causes
}

/** Consecutive steps at which the balance rose by the credits used on the days before, at most by the daily credits. */
function resets(steps: readonly BalanceStep[], causes: ReadonlyMap<number, JumpCause>): number[] {
  const found: number[] = []
  let run: number[] = []
  const close = () => {
    const allowance = Math.max(0, ...run.map((index) => (steps[index] as BalanceStep).amount))
    const fitting = run.filter((index) => {
      const { amount, used } = steps[index] as BalanceStep
      return amount === Math.min(used, allowance)
    })
    if (fitting.length >= fewestResets) found.push(...fitting)
    run = []
  }
  for (const [index, { amount, used }] of steps.entries()) {
    if (amount > 0 && used > 0 && !causes.has(index)) run.push(index)
    else close()
  }
  close()
  return found
}
