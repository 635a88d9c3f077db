import { useMemo, useState } from 'react'
import { usePages } from '../../data/hooks.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import type { CreditsFilter } from '../../navigation/credits-path.ts'
import { ledgerRows } from './ledger-rows.ts'

const pageSize = 100

/**
 * The ledger under a filter. Where the filter names a row that is not among those on screen, the list begins with it
 * (`startsAt`), so that an old row is reached without reading everything above it.
 */
export function useLedger({ row, ...filter }: CreditsFilter) {
  const [agent] = useAgentFilter()
  const { timeZone, dayKey } = useFormat()
  const narrowedTo = JSON.stringify([agent, filter])
  const [start, setStart] = useState({ row, narrowedTo, startsAt: row })
  const query = usePages('credits.list', {
    ...filter,
    agent,
    timeZone,
    limit: pageSize,
    startAt: start.startsAt,
  })
  const pages = query.data?.pages
  if (row !== start.row || narrowedTo !== start.narrowedTo) {
    const onScreen =
      narrowedTo === start.narrowedTo && pages?.some((page) => page.items.some((item) => item.id === row))
    setStart({ row, narrowedTo, startsAt: row && onScreen ? start.startsAt : row })
  }
  const rows = useMemo(() => ledgerRows(pages ?? [], dayKey), [pages, dayKey])
  return { ...query, rows, startsAt: start.startsAt, searchedNewest: pages?.at(-1)?.searchedNewest ?? null }
}
