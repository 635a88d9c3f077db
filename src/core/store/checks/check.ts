/** The result of one check of `verify`. */
import type { ProjectionName } from '../projections/definition.ts'

/** The checks in the order in which they are reported. */
export const checkNames = [
  'file',
  'foreign_keys',
  'row_hashes',
  'amounts',
  'imports',
  'imported_jobs',
  'folders',
  'links',
  'cases',
  'conservation',
  'results',
  'search_index',
  'counters',
  'marks',
] as const

/** The number of things that a check read and of those that break its promise, with the first examples. */
export interface Check {
  check: (typeof checkNames)[number]
  checked: number
  broken: number
  examples: string[]
  /** Whether it was not run, because a projection that it reads is being rebuilt. */
  pending: boolean
}

/**
 * The projections whose rebuild repairs a broken promise. A break in the records themselves can only be reported.
 */
export const checkedProjections: Readonly<Partial<Record<Check['check'], readonly ProjectionName[]>>> = {
  imports: ['imports'],
  imported_jobs: ['imported_jobs'],
  folders: ['folders'],
  links: ['imports', 'imported_jobs', 'cases', 'facets'],
  cases: ['imports', 'imported_jobs', 'folders', 'cases', 'facets'],
  conservation: ['imports', 'imported_jobs', 'folders', 'cases'],
  marks: ['imports', 'imported_jobs', 'folders', 'cases'],
  counters: ['imports', 'imported_jobs', 'folders', 'cases', 'facets', 'period_totals', 'facet_totals'],
  search_index: ['imported_jobs', 'folders', 'search'],
}

const examplesShown = 10

/** A check in progress. Its own properties are those of a `Check`, so that threads can send it. */
class RunningCheck implements Check {
  check: Check['check']
  checked = 0
  broken = 0
  examples: string[] = []
  pending = false

  constructor(check: Check['check']) {
    this.check = check
  }

  /** Counts one thing, and keeps the example if the thing is broken. */
  see(isBroken: boolean, example: () => string): void {
    this.checked++
    if (!isBroken) return
    this.broken++
    if (this.examples.length < examplesShown) this.examples.push(example())
  }
}

/** Starts an empty check. */
export const startCheck = (check: Check['check']): RunningCheck => new RunningCheck(check)

/** Adds up the checks of accounts or of parts. */
export const mergeChecks = (check: Check['check'], found: readonly Check[]): Check => ({
  check,
  checked: found.reduce((sum, check) => sum + check.checked, 0),
  broken: found.reduce((sum, check) => sum + check.broken, 0),
  examples: found.flatMap((check) => check.examples).slice(0, examplesShown),
  pending: found.some((check) => check.pending),
})
