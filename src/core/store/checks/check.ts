/** The result of one check of `verify`. */
import type { ProjectionName } from '../projections/definition.ts'

/** How many things a check read, how many break its promise, and the first of those. */
export interface Check {
  check:
    | 'file'
    | 'foreign_keys'
    | 'row_hashes'
    | 'amounts'
    | 'links'
    | 'imports'
    | 'folders'
    | 'cases'
    | 'conservation'
    | 'results'
    | 'search_index'
    | 'counters'
    | 'marks'
  checked: number
  broken: number
  examples: string[]
  /** Not checked: a projection that it reads is being rebuilt, and agrees with the records only at the end. */
  pending: boolean
}

/**
 * The projections from which a broken promise can come. A break in the records can only be reported: no rebuild mends
 * it.
 */
export const checkedProjections: Readonly<Partial<Record<Check['check'], readonly ProjectionName[]>>> = {
  imports: ['imports'],
  folders: ['folders'],
  links: ['imports', 'cases', 'facets'],
  cases: ['imports', 'folders', 'cases', 'facets'],
  conservation: ['imports', 'folders', 'cases'],
  marks: ['imports', 'folders', 'cases'],
  counters: ['imports', 'folders', 'cases', 'facets', 'period_totals', 'facet_totals'],
  search_index: ['folders', 'search'],
}

const examplesShown = 10

/** Starts an empty check; `see` counts one thing, and keeps the example if the thing is broken. */
export function startCheck(check: Check['check']): Check & { see(isBroken: boolean, example: () => string): void } {
  return {
    check,
    checked: 0,
    broken: 0,
    examples: [],
    pending: false,
    see(isBroken, example) {
      this.checked++
      if (!isBroken) return
      this.broken++
      if (this.examples.length < examplesShown) this.examples.push(example())
    },
  }
}

/** Adds up the checks of the accounts. */
export const mergeChecks = (check: Check['check'], found: readonly Check[]): Check => ({
  check,
  checked: found.reduce((sum, one) => sum + one.checked, 0),
  broken: found.reduce((sum, one) => sum + one.broken, 0),
  examples: found.flatMap((one) => one.examples).slice(0, examplesShown),
  pending: false,
})
