import type { DateOrder, GuessReason } from '../../../shared/imports.ts'
import type { WrittenTime } from './written-dates.ts'

type Numbers = readonly [number, number, number]

/**
 * The order of day, month and year in a column. Null if the form of every date decides it. Reasons, best first: a number that can
 * only be a day, dots between the numbers, times that run in one direction, the usual order.
 */
export function guessDateOrder(
  times: readonly (WrittenTime | null | undefined)[],
  headings: readonly string[],
): { order: DateOrder; because: GuessReason; runnerUp: DateOrder | null } | null {
  const open = times.flatMap((time) => (time?.numbers ? [{ numbers: time.numbers, decided: time.order }] : []))
  if (open.length === 0) return null
  const votes = new Map<DateOrder, number>()
  for (const { decided } of open) if (decided) votes.set(decided, (votes.get(decided) ?? 0) + 1)
  const winner = [...votes].sort((a, b) => b[1] - a[1])[0]
  if (winner) {
    const isProven = open.some(({ numbers, decided }) => decided === winner[0] && numbers.some(isOnlyADay))
    return { order: winner[0], because: isProven ? 'value_above_twelve' : 'dots_are_day_first', runnerUp: null }
  }
  const orders: DateOrder[] = open.every(({ numbers }) => numbers[2] > 31)
    ? ['month_first', 'day_first']
    : ['year_first', 'month_first', 'day_first']
  const running = orders.filter((order) => runsOneWay(open.map(({ numbers }) => sortable(numbers, order))))
  if (running.length === 1 && open.length > 2)
    return { order: running[0] as DateOrder, because: 'times_run_in_order', runnerUp: null }
  const isKorean = headings.some((heading) => /[가-힣]/.test(heading))
  const usual = isKorean || !orders.includes('year_first') ? (orders[0] as DateOrder) : 'month_first'
  return { order: usual, because: 'usual_order', runnerUp: orders.find((order) => order !== usual) ?? null }
}

const isOnlyADay = (number: number): boolean => number > 12 && number <= 31

function sortable([a, b, c]: Numbers, order: DateOrder): number {
  if (order === 'year_first') return a * 10_000 + b * 100 + c
  return order === 'day_first' ? c * 10_000 + b * 100 + a : c * 10_000 + a * 100 + b
}

function runsOneWay(days: readonly number[]): boolean {
  let [up, down] = [false, false]
  for (let index = 1; index < days.length; index++) {
    const step = (days[index] as number) - (days[index - 1] as number)
    if (step > 0) up = true
    if (step < 0) down = true
  }
  return !(up && down)
}
