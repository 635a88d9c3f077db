/** Builds the addresses of records and filtered lists, and parses them. */
import type { Agent, CaseTab, Outcome, RefundStatus } from '../../shared/values.ts'
import { agents, caseTabs, outcomes, refundStatuses } from '../../shared/values.ts'
import { useHashPath, useHashSearch } from './hash-location.ts'

/** The maximum number of models in a filter. */
export const maxModels = 16

/** The filter of the Library. The agent filter is not part of it: it applies to the whole app. */
export interface LibraryFilter {
  text?: string
  kinds?: string[]
  models?: string[]
  outcomes?: Outcome[]
  statuses?: RefundStatus[]
  /** The number of newest days, including today. */
  days?: number
}

/** `/library?kind=image&status=refunded`: the filtered Library. */
export const libraryPath = (filter: LibraryFilter = {}): string => `/library${searchOf(filter)}`

/** A job as addresses name it; `account` only in a view of all accounts. */
interface JobRef {
  account?: string | null | undefined
  agent: Agent
  jobId: string
}

/** A case by its name, `CaseItem.case` or `LedgerItem.case`; `account` only in a view of all accounts. */
export interface CaseRef {
  account?: string | null | undefined
  case: string
}

/** `/library/agent-2/<id>`: the Library with an open job. In a view of all accounts with `?account=<name>`. */
export const jobPath = ({ account, agent, jobId }: JobRef, filter: LibraryFilter = {}): string =>
  `/library/${agent}/${encodeURIComponent(jobId)}${searchOf(filter, account)}`

/** The filter of the list of refunds. */
export interface CaseFilter {
  tab?: CaseTab
  statuses?: RefundStatus[]
}

/** `/refunds?group=all&status=completed`: the filtered list of refunds. Its tab is called `group` in addresses. */
export const refundsPath = (filter: CaseFilter = {}): string => `/refunds${searchOf(filter)}`

/** `/refunds/<case>`: a case. In a view of all accounts with `?account=<name>`. */
export const casePath = ({ account, case: name }: CaseRef, filter: CaseFilter = {}): string =>
  `/refunds/${encodeURIComponent(name)}${searchOf(filter, account)}`

/** The diary of messages to support. */
export const diaryPath = '/support'

/** `/support/new?case=<case>`: the page that composes a message about a case. */
export const messagePath = ({ account, case: name }: CaseRef): string =>
  `${diaryPath}/new?${new URLSearchParams({ case: name, ...(account && { account }) })}`

/** The screen that brings in a history, or that reads the stored table of an import again. */
export const importPath = (batch?: number): string => (batch === undefined ? '/import' : `/import/${batch}`)

/** The screen that adds folders of results and shows their scans. */
export const foldersPath = '/import/folders'

export const settingsPath = '/settings'

/**
 * The decoded ids of the address: `['agent-2', 'job_1']` for `/library/agent-2/job_1`. The router's own parameters are
 * partly decoded, which breaks ids with a percent sign.
 */
export const usePathIds = (): string[] => pathIds(useHashPath()[0])

/** The account of the record in the address; without one, the record is of the account that is shown. */
const useAddressedAccount = (): { account?: string } => {
  const account = new URLSearchParams(useHashSearch()).get('account')
  return account === null ? {} : { account }
}

/** The job in the address of the Library; null if no job is open. */
export function useSelectedJob(): { account?: string; agent: Agent; jobId: string } | null {
  const [agent, jobId] = usePathIds()
  const account = useAddressedAccount()
  const known = agents.find((value) => value === agent)
  return known && jobId !== undefined ? { ...account, agent: known, jobId } : null
}

/** The case in the address of Refunds; null if no case is open. */
export function useSelectedCase(): { account?: string; case: string } | null {
  const [name] = usePathIds()
  const account = useAddressedAccount()
  return name === undefined ? null : { ...account, case: name }
}

/** The Library filter in the current address. */
export const useLibraryFilter = (): LibraryFilter => readLibraryFilter(useHashSearch())

/** The refunds filter in the current address. */
export const useCaseFilter = (): CaseFilter => readCaseFilter(useHashSearch())

/** The case in the address of a new message; null if there is none. */
export function useMessageCase(): { account?: string; case: string } | null {
  const name = new URLSearchParams(useHashSearch()).get('case')
  const account = useAddressedAccount()
  return name === null ? null : { ...account, case: name }
}

export const pathIds = (path: string): string[] => path.split('/').slice(2).filter(Boolean).map(decode)

/** Parses the search that `libraryPath` writes. Ignores unknown values. */
export function readLibraryFilter(text: string): LibraryFilter {
  const search = new URLSearchParams(text)
  const days = Number(search.get('days'))
  return {
    text: search.get('text') ?? undefined,
    kinds: search.getAll('kind'),
    models: search.getAll('model').slice(0, maxModels),
    outcomes: outcomes.filter((outcome) => search.getAll('outcome').includes(outcome)),
    statuses: refundStatuses.filter((status) => search.getAll('status').includes(status)),
    days: Number.isInteger(days) && days > 0 && days <= 366 ? days : undefined,
  }
}

/** Parses the search that `refundsPath` writes. Ignores unknown values. */
function readCaseFilter(text: string): CaseFilter {
  const search = new URLSearchParams(text)
  return {
    tab: caseTabs.find((tab) => tab === search.get('group')),
    statuses: refundStatuses.filter((status) => search.getAll('status').includes(status)),
  }
}

function searchOf(filter: LibraryFilter & CaseFilter, account?: string | null): string {
  const { text, tab, kinds = [], models = [], outcomes = [], statuses = [], days } = filter
  const search = new URLSearchParams([
    ...(tab ? [['group', tab]] : []),
    ...(text ? [['text', text]] : []),
    ...kinds.map((kind) => ['kind', kind]),
    ...models.map((model) => ['model', model]),
    ...outcomes.map((outcome) => ['outcome', outcome]),
    ...statuses.map((status) => ['status', status]),
    ...(days ? [['days', String(days)]] : []),
    ...(account ? [['account', account]] : []),
  ])
  return search.size > 0 ? `?${search}` : ''
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
