/**
 * Jumps: changes of the balance that no listed row explains. Once per day in Korea, the stated balance is compared with the
 * rows up to it. Amounts are whole credits and signed: positive if the balance holds more than the rows.
 */

/** The fields of a ledger row by which the balance is followed. */
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
  /** Credits charged in the step before the day on which it ends. */
  used: number
}

export type JumpCause = 'retracted' | 'daily_reset' | 'lapsed'

/** A change of the balance that no listed row explains; `cause` is null if nothing else explains it. */
export interface Jump {
  rowId: number
  amount: number
  cause: JumpCause | null
}

/** Fewer consecutive rises are no pattern. */
const fewestResets = 2

/**
 * The balance before and after rows of one millisecond, in whatever order they were written: a balance that is as often before
 * a row as after another lies between them. Null if a row states no balance, or if more than one order of the ends fits.
 */
export function endsOf(rows: readonly BalanceRow[]): { before: number | null; after: number | null } {
  const befores: number[] = []
  const afters: number[] = []
  for (const { amount, balanceAfter } of rows) {
    if (balanceAfter === null) return { before: null, after: null }
    befores.push(balanceAfter - amount)
    afters.push(balanceAfter)
  }
  return { before: onlyRest(befores, afters), after: onlyRest(afters, befores) }
}

/** The only value that is left if each of `others` takes away one equal value; null if none or several are left. */
function onlyRest(values: readonly number[], others: readonly number[]): number | null {
  const rest = [...values]
  for (const other of others) {
    const index = rest.indexOf(other)
    if (index >= 0) rest.splice(index, 1)
  }
  return rest.length === 1 ? (rest[0] as number) : null
}

/**
 * Locates a jump: the first row whose stated balance includes it. Null unless all balances before that row lack the jump and
 * all later ones include it. `rowsByTime` are the rows of each millisecond, oldest first, after a balance of `from`.
 */
export function jumpRow(rowsByTime: readonly (readonly BalanceRow[])[], from: number, jump: number): number | null {
  let expected = from
  let found: number | null = null
  for (const rows of rowsByTime) {
    const { before } = endsOf(rows)
    if (before !== null && before !== expected) {
      if (found !== null || before - expected !== jump) return null
      found = Math.min(...rows.map(({ rowId }) => rowId))
      expected = before
    }
    expected += rows.reduce((sum, { amount }) => sum + amount, 0)
  }
  return found
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

/** The steps whose balance still includes retracted rows, or drops them later. */
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

/**
 * Consecutive steps at which the balance rose by the credits used on the days before, or by the daily allowance. The daily
 * allowance is the greatest rise that occurs twice.
 */
function resets(steps: readonly BalanceStep[], causes: ReadonlyMap<number, JumpCause>): number[] {
  const found: number[] = []
  let run: number[] = []
  const close = () => {
    const amounts = run.map((index) => (steps[index] as BalanceStep).amount)
    const allowance = Math.max(0, ...amounts.filter((amount, index) => amounts.indexOf(amount) !== index))
    const fitting = run.filter((index) => {
      const { amount, used } = steps[index] as BalanceStep
      return amount === used || (amount === allowance && amount < used)
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
