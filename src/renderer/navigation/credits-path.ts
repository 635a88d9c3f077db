import { type Feature, features } from '../../shared/values.ts'
import { useHashSearch } from './hash-location.ts'

/** What the ledger is narrowed by. The agent is not among it: it belongs to the whole app. */
export interface CreditsFilter {
  kinds?: string[]
  features?: Feature[]
  text?: string
  /** The transaction to jump to. */
  row?: string
}

/** `/credits?kind=charge&feature=video`: the ledger narrowed by a filter, or opened at one of its rows. */
export function creditsPath({ kinds = [], features = [], text, row }: CreditsFilter = {}): string {
  const search = new URLSearchParams([
    ...kinds.map((kind) => ['kind', kind]),
    ...features.map((feature) => ['feature', feature]),
    ...(text ? [['text', text]] : []),
    ...(row ? [['row', row]] : []),
  ])
  return search.size > 0 ? `/credits?${search}` : '/credits'
}

/** The filter in the address of the ledger. */
export const useCreditsFilter = (): CreditsFilter => readCreditsFilter(useHashSearch())

/** Reads what `creditsPath` writes after the question mark. What it does not know is left out. */
export function readCreditsFilter(search: string): CreditsFilter {
  const values = new URLSearchParams(search)
  return {
    kinds: values.getAll('kind'),
    features: features.filter((feature) => values.getAll('feature').includes(feature)),
    text: values.get('text') ?? undefined,
    row: values.get('row') ?? undefined,
  }
}
