import { parseArgs } from 'node:util'
import type { Effort } from './statistics.ts'

export const measureNames = [
  'sync',
  'size',
  'incremental',
  'queries',
  'search',
  'cases',
  'typing',
  'scroll',
  'memory',
  'verify',
  'export',
  'start',
  'import',
  'matching',
] as const
export type MeasureName = (typeof measureNames)[number]

/** The measures of a run and their sizes. */
export interface Plan {
  seed: number
  /** Jobs of each account, rising. */
  sizes: number[]
  measures: readonly MeasureName[]
  /** The folder of synced accounts for the next run; null removes them. */
  keep: string | null
  /** The file for the readings as JSON; null for none. */
  json: string | null
  effort: Effort
}

/** The number of existing jobs that a sync of changes touches. */
const smallest = 300
const defaultSizes = [10_000, 100_000, 1_000_000]
const effort: Effort = { runs: 200, limitMs: 1_000 }

/** The plan of a command line. Throws an `Error` with a readable message if it is invalid. */
export function parsePlan(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: { jobs: { type: 'string' }, only: { type: 'string' }, keep: { type: 'string' }, json: { type: 'string' } },
  })
  const sizes = values.jobs?.split(',').map(Number) ?? defaultSizes
  const wrongSize = sizes.find((size) => !Number.isInteger(size) || size < smallest)
  if (wrongSize !== undefined) throw new Error(`--jobs takes numbers of ${smallest} or more, with commas between them.`)
  const only = values.only?.split(',') ?? measureNames
  const unknown = only.find((name) => !measureNames.some((known) => known === name))
  if (unknown !== undefined) throw new Error(`--only knows ${measureNames.join(', ')}, not "${unknown}".`)
  return {
    seed: 1,
    sizes: sizes.toSorted((one, other) => one - other),
    measures: measureNames.filter((name) => only.includes(name)),
    keep: values.keep ?? null,
    json: values.json ?? null,
    effort,
  }
}
