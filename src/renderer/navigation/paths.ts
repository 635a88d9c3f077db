/** The addresses of records and filtered lists, and the way back from an address to what it names. */
import type { Agent, CaseTab, Outcome, RefundStatus } from '../../shared/values.ts'
import { agents, caseTabs, outcomes, refundStatuses } from '../../shared/values.ts'
import { useHashPath, useHashSearch } from './hash-location.ts'

/** The most models that a list can be narrowed by at once. */
export const mostModels = 16

/** What the Library is narrowed by. The agent is not among it: it belongs to the whole app. */
export interface LibraryFilter {
  text?: string
  kinds?: string[]
  models?: string[]
  outcomes?: Outcome[]
  statuses?: RefundStatus[]
  /** The newest days, today included. */
  days?: number
}

/** `/library?kind=image&status=refunded`: the filtered Library. */
export const libraryPath = (filter: LibraryFilter = {}): string => `/library${searchOf(filter)}`

/** `/library/agent-2/<id>`: a job opened in the Library. */
export const jobPath = (agent: Agent, jobId: string, filter: LibraryFilter = {}): string =>
  `/library/${agent}/${encodeURIComponent(jobId)}${searchOf(filter)}`

/** Filters the list of refunds. */
export interface CaseFilter {
  tab?: CaseTab
  statuses?: RefundStatus[]
}

/** `/refunds?group=all&status=completed`: the filtered list of refunds. Its tab is called `group` in addresses. */
export const refundsPath = (filter: CaseFilter = {}): string => `/refunds${searchOf(filter)}`

/** `/refunds/<case>`: a case by its name, `CaseItem.case` or `LedgerItem.case`. */
export const casePath = (name: string, filter: CaseFilter = {}): string =>
  `/refunds/${encodeURIComponent(name)}${searchOf(filter)}`

/**
 * The ids in the address, decoded: `['agent-2', 'job_1']` in `/library/agent-2/job_1`. The router's own parameters
 * are decoded in part, which changes ids that hold a percent sign.
 */
export const usePathIds = (): string[] => pathIds(useHashPath()[0])

/** The job that the address of the Library names; null for the list alone. */
export function useSelectedJob(): { agent: Agent; jobId: string } | null {
  const [agent, jobId] = usePathIds()
  const known = agents.find((one) => one === agent)
  return known && jobId !== undefined ? { agent: known, jobId } : null
}

/** The filter in the address of the Library. */
export const useLibraryFilter = (): LibraryFilter => readLibraryFilter(useHashSearch())

/** The filter in the address of the list of refunds. */
export const useCaseFilter = (): CaseFilter => readCaseFilter(useHashSearch())

export const pathIds = (path: string): string[] => path.split('/').slice(2).filter(Boolean).map(decode)

/** Reads what `libraryPath` writes after the question mark. What it does not know is left out. */
export function readLibraryFilter(text: string): LibraryFilter {
  const search = new URLSearchParams(text)
  const days = Number(search.get('days'))
  return {
    text: search.get('text') ?? undefined,
    kinds: search.getAll('kind'),
    models: search.getAll('model').slice(0, mostModels),
    outcomes: outcomes.filter((outcome) => search.getAll('outcome').includes(outcome)),
    statuses: refundStatuses.filter((status) => search.getAll('status').includes(status)),
    days: Number.isInteger(days) && days > 0 && days <= 366 ? days : undefined,
  }
}

/** Reads what `refundsPath` writes after the question mark. What it does not know is left out. */
export function readCaseFilter(text: string): CaseFilter {
  const search = new URLSearchParams(text)
  return {
    tab: caseTabs.find((tab) => tab === search.get('group')),
    statuses: refundStatuses.filter((status) => search.getAll('status').includes(status)),
  }
}

function searchOf(filter: LibraryFilter & CaseFilter): string {
  const { text, tab, kinds = [], models = [], outcomes = [], statuses = [], days } = filter
  const search = new URLSearchParams([
    ...(tab ? [['group', tab]] : []),
    ...(text ? [['text', text]] : []),
    ...kinds.map((kind) => ['kind', kind]),
    ...models.map((model) => ['model', model]),
    ...outcomes.map((outcome) => ['outcome', outcome]),
    ...statuses.map((status) => ['status', status]),
    ...(days ? [['days', String(days)]] : []),
  ])
  return search.size > 0 ? `?${search}` : ''
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
