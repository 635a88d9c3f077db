// biome-ignore-all lint/a11y/useSemanticElements: the rows are positioned, which the elements of a real table cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: a heading of a plain table, not of a grid that takes the focus
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type CreditsFilter, creditsPath } from '../../navigation/credits-path.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { narrowPage, useMediaQuery } from '../../ui/use-media-query.ts'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { DayRow } from './day-row.tsx'
import styles from './ledger.module.css'
import { isDay, type LedgerRow, rowKey, transactionKey } from './ledger-rows.ts'
import { NoRows } from './no-rows.tsx'
import { TransactionRow } from './transaction-row.tsx'
import type { useLedger } from './use-ledger.ts'

const columns = ['time', 'item', 'agent', 'source', 'status', 'change', 'balance'] as const
const heights = { day: 30, transaction: 36, transactionNarrow: 66 }

interface LedgerProps {
  filter: CreditsFilter
  ledger: ReturnType<typeof useLedger>
}

/** The ledger, newest first: a table with virtual rows. */
export function Ledger({ filter, ledger }: LedgerProps) {
  const { t, i18n } = useTranslation()
  const narrow = useMediaQuery(narrowPage)
  const table = useRef<HTMLDivElement>(null)
  const { rows, startsAt, searchedNewest, error, hasNextPage, isFetchingNextPage, fetchNextPage } = ledger
  const { row: target, ...listFilter } = filter

  /** A jump to the row in the current address does not change the address, so it must scroll and focus by itself. */
  const jump = (id: string) => {
    if (id === target) table.current?.querySelector<HTMLElement>('[aria-current] [tabindex]')?.focus()
  }

  if (rows.length === 0) {
    return (
      <div className={styles.around}>
        {error && <ErrorState error={error} onRetry={ledger.refetch} />}
        {!error && ledger.data && <NoRows filter={filter} searchedNewest={searchedNewest} />}
      </div>
    )
  }
  return (
    <div className={styles.ledger} data-both={i18n.language === 'both'}>
      {startsAt && (
        <p className={styles.start}>
          {t('credits.startsLower')} <InternalLink to={creditsPath(listFilter)}>{t('credits.fromNewest')}</InternalLink>
        </p>
      )}
      <div ref={table} role="table" aria-label={t('credits.ledger')} aria-rowcount={hasNextPage ? -1 : rows.length + 1}>
        <LedgerHeader />
        <VirtualList<LedgerRow>
          label={t('credits.ledger')}
          role="rowgroup"
          items={rows}
          getKey={rowKey}
          isHeading={isDay}
          keep={target && transactionKey(target)}
          estimateHeight={(row) => heights[row.type === 'transaction' && narrow ? 'transactionNarrow' : row.type]}
          // An event may cancel the next page while it loads; it is then fetched again.
          onEnd={hasNextPage && !isFetchingNextPage && !error ? () => fetchNextPage() : undefined}
          renderRow={(row) =>
            row.type === 'day' ? (
              <DayRow day={row} />
            ) : (
              <TransactionRow item={row.item} current={row.item.id === target} onJump={jump} />
            )
          }
        />
      </div>
      <div className={styles.around}>
        {error && <ErrorState error={error} onRetry={() => fetchNextPage()} />}
        {!hasNextPage && searchedNewest !== null && (
          <p className={styles.searched}>{t('credits.searchedNewest', { count: searchedNewest })}</p>
        )}
      </div>
    </div>
  )
}

function LedgerHeader() {
  const { t } = useTranslation()
  return (
    <div role="row" aria-rowindex={1} className={styles.header}>
      {columns.map((column) => (
        <span key={column} role="columnheader" data-column={column}>
          {t(`credits.column.${column}`)}
        </span>
      ))}
    </div>
  )
}
