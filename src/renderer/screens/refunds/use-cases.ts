import { useMemo } from 'react'
import type { AppError } from '../../../shared/errors.ts'
import type { CaseCounts, CaseItem } from '../../../shared/views.ts'
import { usePages, useRoute } from '../../data/hooks.ts'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import type { CaseFilter } from '../../navigation/paths.ts'
import { caseRows, type ListRow, sectionRows } from './sections.ts'

const recentlyClosed = 10

export interface Cases {
  rows: ListRow[]
  counts: CaseCounts | undefined
  /** The first case of the list. */
  first: CaseItem | undefined
  /** Whether loading has ended, also with an empty list or an error. */
  loaded: boolean
  /** Whether no case matches the filter. */
  empty: boolean
  error: AppError | null
  retry: () => void
  /** Undefined if there is no further page, or not now. */
  fetchMore: (() => void) | undefined
}

/** The rows of the list: open cases in sections with recently refunded cases, or a plain list, newest first. */
export function useCases({ tab = 'open', statuses = [] }: CaseFilter): Cases {
  const [agent] = useAgentFilter()
  const pages = usePages('refunds.list', { agent, tab, statuses })
  const inSections = tab === 'open' && statuses.length === 0
  const closed = useRoute('refunds.list', { agent, tab: 'refunded', limit: recentlyClosed }, { enabled: inSections })
  const { data: counts } = useRoute('refunds.counts', { agent })

  const rows = useMemo(() => {
    const items = pages.data?.pages.flatMap((page) => page.items) ?? []
    if (!inSections) return caseRows(items)
    if (!counts) return []
    return sectionRows(items, pages.hasNextPage ? [] : (closed.data?.items ?? []), counts)
  }, [pages.data, pages.hasNextPage, inSections, closed.data, counts])

  return {
    rows,
    counts,
    first: rows.find((row) => row.section === null)?.item,
    empty: pages.data?.pages[0]?.items.length === 0,
    loaded: pages.isError || (pages.isSuccess && counts !== undefined && !(inSections && closed.isPending)),
    error: pages.error,
    retry: () => pages.refetch(),
    // An event may cancel the next page while it loads; it is then fetched again.
    fetchMore:
      pages.hasNextPage && !pages.isFetchingNextPage && !pages.isError ? () => pages.fetchNextPage() : undefined,
  }
}
