import { type Feature, features } from '../../shared/values.ts'
import { useHashSearch } from './hash-location.ts'

/** The filter of the ledger. The agent filter is not part of it: it applies to the whole app. */
export interface CreditsFilter {
  kinds?: string[]
  features?: Feature[]
  text?: string
  /** The transaction to jump to. */
  row?: string
}

/** `/credits?kind=charge&feature=video`: the filtered ledger, or the ledger opened at a transaction. */
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

/** Parses the search that `creditsPath` writes. Ignores unknown values. */
export function readCreditsFilter(search: string): CreditsFilter {
  const values = new URLSearchParams(search)
  return {
    kinds: values.getAll('kind'),
    features: features.filter((feature) => values.getAll('feature').includes(feature)),
    text: values.get('text') ?? undefined,
    row: values.get('row') ?? undefined,
  }
}
