/** Repeats a measurement `runs` times, or fewer if it takes longer than `limitMs`, but at least five times. */
export interface Effort {
  runs: number
  limitMs: number
}

const fewest = 5

/** The duration of each run of `task` in milliseconds. */
export async function sample(task: () => Promise<unknown>, { runs, limitMs }: Effort): Promise<number[]> {
  const times: number[] = []
  const begin = performance.now()
  while (times.length < runs && (times.length < fewest || performance.now() - begin < limitMs)) {
    times.push(await elapsed(task))
  }
  return times
}

export async function elapsed(task: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await task()
  return performance.now() - begin
}

/** The quantile: `share` of all values do not exceed it. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
