/** Guesses the role of each column from its heading and its cells. */
import type { Coded, ColumnRole, Guess, GuessReason } from '../../../shared/imports.ts'
import { divisionOf } from './amount-parts.ts'
import { excludedSides, provenBalance } from './column-proofs.ts'
import { type HeadingHint, hintOf, isIdHint, isLaterTime, isQuantity, isTotal, isTotalRow } from './headings.ts'
import type { Profile } from './profile.ts'

interface Candidate {
  role: ColumnRole
  /**
   * A heading that names the role gives 2 or 3, cells of its form at most 2, a column that never has both sides 5, and a
   * balance that adds up 9.
   */
  score: number
  because: GuessReason
}

export interface ColumnGuesses {
  roles: ColumnRole[]
  guesses: Guess[]
}

/** At most one column has each of these roles; the column with the best score gets it. */
const single: readonly ColumnRole[] = [
  'time',
  'day',
  'clock',
  'balance',
  'charged',
  'credited',
  'amount',
  'kind',
  'feature',
  'credit_source',
  'transaction_id',
  'job_id',
  'agent',
  'model',
  'expires_at',
]

/**
 * Guesses the roles of the columns of `rows`, a sample in the order of the table. `headings` is empty if there are none. With
 * `hasDayHeadings`, clocks need no column of days.
 */
export function guessColumns(
  rows: readonly string[][],
  headings: readonly string[],
  profiles: readonly Profile[],
  hasDayHeadings = false,
): ColumnGuesses {
  const hints = profiles.map((_, column) => hintOf(headings[column] ?? ''))
  const balance = provenBalance(rows, profiles, hints)
  const sides = excludedSides(rows, profiles, hints, balance)
  const candidates = profiles.map((profile, column) => {
    const list = candidatesOf(profile, hints[column] ?? null, headings[column] ?? '')
    if (column === balance) list.push({ role: 'balance', score: 9, because: 'balance_adds_up' })
    const side = sides.get(column)
    if (side) list.push({ role: side, score: 5, because: 'never_both' })
    return list.sort((a, b) => b.score - a.score)
  })
  const roles: (ColumnRole | null)[] = profiles.map(() => null)
  const reasons: GuessReason[] = profiles.map(() => 'not_needed')
  const take = (column: number, { role, because }: Candidate) => {
    roles[column] = role
    reasons[column] = because
  }
  for (const role of single) {
    if (isTaken(role, roles, hasDayHeadings)) continue
    // If a heading names one side of the credits, numbers alone are not enough for the amount.
    const leastScore = role === 'amount' && (roles.includes('charged') || roles.includes('credited')) ? 3 : 0
    const best = candidates
      .flatMap((list, column) => {
        const candidate = roles[column]
          ? undefined
          : list.find((each) => each.role === role && each.score >= leastScore)
        return candidate ? [{ column, candidate }] : []
      })
      .sort((a, b) => b.candidate.score - a.candidate.score)[0]
    if (best) take(best.column, best.candidate)
  }
  for (const [column, list] of candidates.entries()) {
    if (roles[column]) continue
    const rest = list.find(({ role }) => role === 'text' || role === 'state')
    if (rest) take(column, rest)
    else
      reasons[column] = list.some(({ role }) => role === 'amount' || role === 'charged')
        ? partReason(headings, roles)
        : leftReason(list)
  }
  joinSides(roles, reasons)
  divide(rows, headings, candidates, roles, reasons)
  return {
    roles: roles.map((role) => role ?? 'ignored'),
    guesses: roles.map((role, column) =>
      guess(column, role, reasons[column] ?? 'not_needed', candidates[column] ?? [], headings),
    ),
  }
}

/** Whether a role is not needed: a day beside a whole time, a clock without a day, an amount beside both of its sides. */
function isTaken(role: ColumnRole, roles: readonly (ColumnRole | null)[], hasDayHeadings: boolean): boolean {
  if (role === 'day') return roles.includes('time')
  if (role === 'clock') return !roles.includes('day') && (!hasDayHeadings || roles.includes('time'))
  if (role === 'amount') return roles.includes('charged') && roles.includes('credited')
  return false
}

/** If only one side of the credits has a column, that column is the amount, unless another one is. */
function joinSides(roles: (ColumnRole | null)[], reasons: GuessReason[]): void {
  const sides = (['charged', 'credited'] as const).filter((role) => roles.includes(role))
  if (sides.length === 2) return
  for (const side of sides) {
    const column = roles.indexOf(side)
    if (roles.includes('amount')) {
      roles[column] = null
      reasons[column] = 'better_column_exists'
    } else roles[column] = 'amount'
  }
}

/** Takes the column with the total for the amount, or else adds the parts of the credits to it. */
function divide(
  rows: readonly string[][],
  headings: readonly string[],
  candidates: readonly Candidate[][],
  roles: (ColumnRole | null)[],
  reasons: GuessReason[],
): void {
  const amount = roles.indexOf('amount')
  if (amount < 0) return
  const numeric = roles.flatMap((role, column) => {
    const isAmount = candidates[column]?.some((each) => each.role === 'amount' || each.role === 'charged')
    return column === amount || (role === null && isAmount) ? [column] : []
  })
  const records = rows.filter((row) => !isTotalRow(row))
  const division = divisionOf(records, headings, numeric, amount)
  if (!division) return
  if ('parts' in division) {
    for (const column of division.parts) [roles[column], reasons[column]] = ['part', 'no_total']
    return
  }
  for (const column of numeric) [roles[column], reasons[column]] = [null, 'part_of_total']
  ;[roles[division.total], reasons[division.total]] = ['amount', 'sum_of_columns']
}

const partReason = (headings: readonly string[], roles: readonly (ColumnRole | null)[]): GuessReason =>
  isTotal(headings[roles.findIndex((role) => role === 'amount' || role === 'charged')] ?? '')
    ? 'part_of_total'
    : 'better_column_exists'

const leftReason = (list: readonly Candidate[]): GuessReason =>
  list.length > 0 ? 'better_column_exists' : 'not_needed'

function guess(
  column: number,
  role: ColumnRole | null,
  code: GuessReason,
  list: readonly Candidate[],
  headings: readonly string[],
): Guess {
  const params = { heading: headings[column] ?? '' }
  const coded = (because: GuessReason): Coded<GuessReason> => ({ code: because, params })
  const next = list.find((candidate) => candidate.role !== role)
  return {
    about: 'column',
    column,
    as: role ?? 'ignored',
    because: coded(code),
    runnerUp: next ? { as: next.role, because: coded(next.because) } : null,
  }
}

function candidatesOf(profile: Profile, hint: HeadingHint | null, heading: string): Candidate[] {
  if (hint === 'ignored') return []
  if (hint === 'expires_at') return [{ role: 'expires_at', score: 3, because: 'heading_says' }]
  const candidates: Candidate[] = []
  const add: AddCandidate = (role, score, because) => candidates.push({ role, score, because })
  addTimes(add, profile, hint, heading)
  addAmounts(add, profile, hint, heading)
  addTexts(add, profile, hint)
  return candidates
}

type AddCandidate = (role: ColumnRole, score: number, because: GuessReason) => void

/** The share of the filled cells, from 0 to 1. */
const shareOf = (count: number, { filled }: Profile): number => (filled === 0 ? 0 : count / filled)

function addTimes(add: AddCandidate, profile: Profile, hint: HeadingHint | null, heading: string): void {
  const isNamed = hint === 'when'
  // A bare number is a time only if the heading says so, or if every cell has the form of a time.
  const numberPenalty = isNamed || profile.numberTimes < profile.filled ? 0 : 1.2
  const dated = shareOf(profile.times + profile.days, profile)
  if (dated >= (isNamed ? 0.3 : 0.6) && profile.filled > 0) {
    const hasTimes = profile.times > 0
    const score =
      2 * dated + (isNamed ? 1 : 0) - numberPenalty + (hasTimes ? 0.5 : 0) - (isLaterTime(heading) ? 0.1 : 0)
    if (score > 0.9) add(hasTimes ? 'time' : 'day', score, hasTimes ? 'contents_are_times' : 'contents_are_days')
  }
  const clocks = shareOf(profile.clocks, profile)
  if (clocks >= 0.6) add('clock', 2 * clocks + (isNamed ? 1 : 0), 'contents_are_clocks')
}

function addAmounts(add: AddCandidate, profile: Profile, hint: HeadingHint | null, heading: string): void {
  const isSide = hint === 'charged' || hint === 'credited'
  const hasNumbers = shareOf(profile.amounts + profile.fractions, profile) >= 0.5
  if (hasNumbers && hint !== 'when' && !isIdHint(hint)) {
    const negatives = shareOf(profile.negatives, profile)
    const ofTotal = isTotal(heading) ? 1 : 0
    if (hint === 'balance') add('balance', 3, 'heading_says')
    else if (isSide) add(hint, 3 + ofTotal, 'heading_says')
    else if (hint === 'amount') add('amount', (isQuantity(heading) ? 1 : 3) + ofTotal + negatives, 'heading_says')
    else if (hint === null) add('amount', shareOf(profile.amounts, profile) + negatives, 'contents_are_amounts')
  } else if (profile.filled === 0 && isSide) add(hint, 1, 'heading_says')
  // Unreadable amounts are then the reason why rows are refused, not a missing column.
  else if (hint === 'amount') add('amount', 0.5, 'heading_says')
}

function addTexts(add: AddCandidate, profile: Profile, hint: HeadingHint | null): void {
  const words = shareOf(profile.words, profile)
  const [kinds, features] = [shareOf(profile.kinds, profile), shareOf(profile.features, profile)]
  // `이미지 생성` names a kind as well, but the heading says that the column names features.
  const namesFeatures = hint === 'feature' && features >= 0.5
  if (hint === 'kind') add('kind', 3, 'heading_says')
  else if (words > 0 && kinds >= 0.6 && profile.distinct <= maxKindWords && hint !== 'text' && !namesFeatures)
    add('kind', 1 + kinds, 'contents_are_kinds')
  if (hint === 'feature') add('feature', 3, 'heading_says')
  else if (words > 0 && features >= 0.6 && hint !== 'text' && hint !== 'model')
    add('feature', features, 'contents_are_features')
  if (hint === 'state') add('state', 2, 'heading_says')
  if (isIdHint(hint)) add(hint, 2, 'heading_says')
  if (hint === 'text') add('text', 2, 'heading_says')
  else if (words >= 0.5 && hint === null) add('text', 0.4, 'contents_are_texts')
}

/** A column of kinds repeats few different texts. */
const maxKindWords = 12
