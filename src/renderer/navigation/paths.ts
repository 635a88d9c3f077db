import type { Agent, Feature, JobKind, RefundStatus, TransactionKind } from '../../shared/values.ts'

/** Filters of a list as its address holds them: `?kind=image,video`. */
type Filter = Record<string, string | readonly string[] | undefined>

function withFilter(path: string, filter: Filter): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) {
    const text = typeof value === 'string' ? value : value?.join(',')
    if (text) search.set(key, text)
  }
  return search.size > 0 ? `${path}?${search}` : path
}

/** The values of one key of an address's search, of those that are known. */
export function filterValues<T extends string>(search: string, key: string, known: readonly T[]): T[] {
  const values = new URLSearchParams(search).get(key)?.split(',') ?? []
  return known.filter((value) => values.includes(value))
}

/** The Library, narrowed. */
export const libraryPath = (filter: { kind?: JobKind[]; status?: RefundStatus[]; text?: string }) =>
  withFilter('/library', filter)

/** A job, opened in the Library. */
export const jobPath = ({ agent, jobId }: { agent: Agent; jobId: string }) =>
  withFilter('/library', { job: `${agent}/${jobId}` })

/** The ledger, narrowed; `row` is the id of a transaction to jump to. */
export const creditsPath = (filter: { kind?: TransactionKind[]; feature?: Feature[]; row?: string }) =>
  withFilter('/credits', filter)

/** The list of refunds, narrowed. */
export const refundsPath = (filter: { group?: 'open' | 'refunded' | 'all'; status?: RefundStatus[] }) =>
  withFilter('/refunds', filter)

/** One case, by its name. */
export const casePath = (name: string) => `/refunds/${encodeURIComponent(name)}`
