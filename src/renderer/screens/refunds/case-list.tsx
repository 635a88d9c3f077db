import { ListChecks } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { caseTabs, type RefundStatus, refundStatuses } from '../../../shared/values.ts'
import { useNow } from '../../data/clock.ts'
import { useSettings } from '../../data/settings.ts'
import { lines } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { type CaseFilter, casePath, refundsPath } from '../../navigation/paths.ts'
import { FilterMenu } from '../../parts/screen/filter-menu.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../parts/screen/states.tsx'
import { Chip, ChipRow } from '../../ui/chip.tsx'
import { Amount } from '../../ui/values.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import styles from './case-list.module.css'
import { CaseRow } from './case-row.tsx'
import { type ListRow, rowKey, type Section } from './sections.ts'
import type { Cases } from './use-cases.ts'

const rowHeights = { default: 81, compact: 62 }
const headingHeight = 40

interface CaseListProps {
  filter: CaseFilter
  cases: Cases
  /** The key of the case that is open beside the list. */
  selected: string | undefined
  /** The key of the case that was open before; its row gets the focus again. */
  returnTo: string | undefined
}

export function CaseList({ filter, cases, selected, returnTo }: CaseListProps) {
  const { t } = useTranslation()
  const [{ density } = { density: 'default' as const }] = useSettings()
  useNow()
  const { rows } = cases
  const row = useRowFocus(rows, selected, returnTo)
  return (
    <section className={styles.list} aria-label={t('refunds.list')}>
      <Filters filter={filter} cases={cases} />
      {cases.error ? (
        <div className={styles.state}>
          <ErrorState title={t('refunds.failed.list')} error={cases.error} onRetry={cases.retry} />
        </div>
      ) : cases.loaded ? (
        cases.empty && <Empty filter={filter} counts={cases.counts} />
      ) : (
        <div className={styles.state}>
          <LoadingState />
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move between the links inside */}
      <div onKeyDown={row.onKeyDown}>
        <VirtualList
          label={t('refunds.list')}
          items={rows}
          getKey={rowKey}
          estimateHeight={(one) => (one.section === null ? rowHeights[density] : headingHeight)}
          onEnd={cases.fetchMore}
          keep={row.current}
          renderRow={(one) =>
            one.section === null ? (
              <CaseRow
                item={one.item}
                to={casePath(one.item, filter)}
                selected={rowKey(one) === selected}
                tabStop={rowKey(one) === row.current}
                linkRef={rowKey(one) === row.current ? row.ref : undefined}
                onFocus={() => row.setCurrent(rowKey(one))}
              />
            ) : (
              <SectionRow {...one} />
            )
          }
        />
      </div>
    </section>
  )
}

function Filters({ filter, cases: { counts } }: Pick<CaseListProps, 'filter' | 'cases'>) {
  const { t } = useTranslation()
  const labels = useLabels()
  const [, navigate] = useLocation()
  const { tab: chosen = 'open', statuses = [] } = filter
  return (
    <div className={styles.filters}>
      <ChipRow label={t('refunds.tab.label')}>
        {caseTabs
          .filter((tab) => tab !== 'matches' || tab === chosen || (counts?.matches ?? 0) > 0)
          .map((tab) => (
            <Chip
              key={tab}
              pressed={tab === chosen}
              count={counts?.[tab]}
              onPressedChange={() => navigate(refundsPath({ tab: tab === 'open' ? undefined : tab }))}
            >
              {t(`refunds.tab.${tab}`)}
            </Chip>
          ))}
        {statuses.length > 0 && (
          <FilterMenu<RefundStatus>
            label={t('refunds.status')}
            options={refundStatuses.map((value) => ({ value, label: labels.status(value) }))}
            value={statuses}
            onChange={(value) => navigate(refundsPath({ ...filter, statuses: value }))}
          />
        )}
      </ChipRow>
    </div>
  )
}

function Empty({
  filter: { tab = 'open', statuses = [] },
  counts,
}: Pick<CaseListProps, 'filter'> & Pick<Cases, 'counts'>) {
  const { t } = useTranslation()
  const whole = statuses.length === 0 && (tab === 'open' || tab === 'matches') ? tab : 'filter'
  const reason = counts?.all === 0 ? 'unread' : whole
  return (
    <div className={styles.state}>
      <EmptyState
        icon={ListChecks}
        title={t(`refunds.empty.${reason}.title`)}
        reason={t(`refunds.empty.${reason}.reason`, lines)}
        action={
          reason !== 'unread' && (
            <InternalLink to={refundsPath({ tab: 'all' })}>{t('refunds.empty.showAll')}</InternalLink>
          )
        }
      />
    </div>
  )
}

/** The heading of a section with the number of cases and their credits. */
function SectionRow({ section, count, credits }: { section: Section; count: number; credits: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={styles.heading}>
      <h2>{t(`refunds.section.${section}`)}</h2>
      <span className={`num ${styles.count}`}>{format.number(count)}</span>
      <Amount value={credits} look="unit" className={styles.sum} />
    </div>
  )
}

/** A single tab stop for the whole list; arrow keys, Home and End move it. A row gets the focus when its link is rendered. */
function useRowFocus(rows: ListRow[], selected: string | undefined, returnTo: string | undefined) {
  const [current, setCurrent] = useState(returnTo)
  const takesFocus = useRef(returnTo !== undefined)
  const keys = rows.flatMap((one) => (one.section === null ? [rowKey(one)] : []))
  const focused = [current, selected].find((key) => key !== undefined && keys.includes(key)) ?? keys[0]

  const onKeyDown = (event: KeyboardEvent) => {
    if (focused === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const index = keys.indexOf(focused)
    const moves: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: keys.length - 1 }
    const next = keys[moves[event.key] ?? -1]
    if (next === undefined) return
    event.preventDefault()
    takesFocus.current = true
    setCurrent(next)
  }
  const ref = (link: HTMLAnchorElement | null) => {
    if (!link || !takesFocus.current) return
    takesFocus.current = false
    link.focus()
  }
  return { current: focused, setCurrent, onKeyDown, ref }
}
