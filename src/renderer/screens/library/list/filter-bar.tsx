import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type JobDimension, jobKinds, outcomes, refundStatuses } from '../../../../shared/values.ts'
import type { JobCounts } from '../../../../shared/views.ts'
import { useLabels } from '../../../i18n/use-texts.ts'
import { type LibraryFilter, maxModels } from '../../../navigation/paths.ts'
import { useSearchText } from '../../../parts/jobs/use-search-text.ts'
import { FilterMenu } from '../../../parts/screen/filter-menu.tsx'
import { Chip, ChipDivider, ChipRow } from '../../../ui/chip.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import type { LiveFilter } from '../use-live-filter.ts'
import styles from './filter-bar.module.css'

const periods = [1, 7, 30, 90, 365]

interface FilterBarProps {
  filter: LibraryFilter
  counts: JobCounts | undefined
  onChange: LiveFilter['change']
  /** Called when the focus leaves the search field. */
  onLeave: () => void
  /** Further controls beside the search field. */
  children?: ReactNode
}

/** The search and the filters, each with the number of jobs that it would show. */
export function FilterBar({ filter, counts, onChange, onLeave, children }: FilterBarProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const [text, setText] = useSearchText(filter.text ?? '', (value) => onChange({ ...filter, text: value }, 'typing'))
  const { kinds = [], statuses = [], days } = filter
  const chosenOutcomes = filter.outcomes ?? []
  const models = modelsByUse(counts?.models ?? {}, filter.models ?? [])
  const atLeast = counts?.isComplete === false
  /** Undefined if nothing is known: a value that is not among the counted hits may still be among the others. */
  const countOf = (dimension: JobDimension, value: string) =>
    counts && (counts[dimension][value] ?? (atLeast ? undefined : 0))
  const shownKinds = jobKinds.filter((kind) => kind !== 'other' || kinds.includes(kind) || countOf('kinds', kind))
  return (
    <div className={styles.bar}>
      <div className={styles.search}>
        <SearchField
          label={t('common.searchAll')}
          placeholder={t('library.search')}
          className={styles.field}
          value={text}
          onChange={setText}
          onBlur={onLeave}
        />
        <FilterMenu
          exclusive
          label={t('library.period')}
          options={periods.map((count) => ({
            value: String(count),
            label: count === 1 ? t('format.today') : t('library.lastDays', { count }),
          }))}
          value={days ? [String(days)] : []}
          onChange={([chosen]) => onChange({ ...filter, days: chosen ? Number(chosen) : undefined })}
        />
        {children}
      </div>
      <ChipRow label={t('library.filters')}>
        {shownKinds.map((kind) => (
          <Chip
            key={kind}
            pressed={kinds.includes(kind)}
            onPressedChange={(pressed) =>
              onChange({ ...filter, kinds: pressed ? [...kinds, kind] : kinds.filter((one) => one !== kind) })
            }
            count={countOf('kinds', kind)}
            atLeast={atLeast}
          >
            {labels.kind(kind)}
          </Chip>
        ))}
        <ChipDivider />
        <FilterMenu
          label={t('library.model')}
          options={models.map((model) => ({
            value: model,
            label: model,
            count: countOf('models', model),
            atLeast,
          }))}
          value={filter.models ?? []}
          onChange={(value) => onChange({ ...filter, models: value.slice(0, maxModels) })}
        />
        <FilterMenu
          label={t('library.refundStatus')}
          options={refundStatuses.map((value) => ({
            value,
            label: labels.status(value),
            count: countOf('refundStatuses', value),
            atLeast,
          }))}
          value={statuses}
          onChange={(value) => onChange({ ...filter, statuses: value })}
        />
        <FilterMenu
          label={t('library.outcome')}
          options={outcomes
            .filter((value) => value !== 'no_job')
            .map((value) => ({ value, label: labels.outcome(value), count: countOf('outcomes', value), atLeast }))}
          value={chosenOutcomes}
          onChange={(value) => onChange({ ...filter, outcomes: value })}
        />
      </ChipRow>
    </div>
  )
}

/** All models that were used and those that are chosen, the most used first. */
function modelsByUse(counts: Readonly<Record<string, number>>, chosen: readonly string[]): string[] {
  const all = new Set([...Object.keys(counts), ...chosen])
  return [...all].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a.localeCompare(b))
}
