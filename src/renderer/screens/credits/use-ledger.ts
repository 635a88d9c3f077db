import { useMemo, useState } from 'react'
import { usePages } from '../../data/hooks.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import type { CreditsFilter } from '../../navigation/credits-path.ts'
import { ledgerRows } from './ledger-rows.ts'

const pageSize = 100

/**
 * The filtered ledger. If the filter names a row that is not loaded, the list starts at that row (`startsAt`) instead of
 * loading all newer rows. The state is set during rendering, because an effect would first render the old list.
 */
export function useLedger({ row, ...filter }: CreditsFilter) {
  const [agent] = useAgentFilter()
  const { timeZone, dayKey } = useFormat()
  const filterKey = JSON.stringify([agent, filter])
  const [start, setStart] = useState({ row, filterKey, startsAt: row })
  const query = usePages('credits.list', {
    ...filter,
    agent,
    timeZone,
    limit: pageSize,
    startAt: start.startsAt,
  })
  const pages = query.data?.pages
  if (row !== start.row || filterKey !== start.filterKey) {
    const onScreen = filterKey === start.filterKey && pages?.some((page) => page.items.some((item) => item.id === row))
    setStart({ row, filterKey, startsAt: row && onScreen ? start.startsAt : row })
  }
  const rows = useMemo(() => ledgerRows(pages ?? [], dayKey), [pages, dayKey])
  return { ...query, rows, startsAt: start.startsAt, searchedNewest: pages?.at(-1)?.searchedNewest ?? null }
}
