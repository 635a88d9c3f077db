import { useTranslation } from 'react-i18next'
import { jobKinds, outcomes, refundStatuses } from '../../../shared/values.ts'
import type { JobCounts } from '../../../shared/views.ts'
import { Chip, ChipDivider, ChipRow } from '../../components/chip.tsx'
import { FilterMenu } from '../../components/filter-menu.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { useLabels } from '../../i18n/use-labels.ts'
import type { LibraryFilter } from '../../navigation/paths.ts'
import styles from './filter-bar.module.css'
import { useSearchText } from './use-search-text.ts'

const periods = [1, 7, 30, 90, 365]

interface FilterBarProps {
  filter: LibraryFilter
  counts: JobCounts | undefined
  /** `typing`: one of many changes that belong together. */
  onChange: (filter: LibraryFilter, how?: 'typing') => void
}

/** The search and the filters, each with the number of jobs that it would show. */
export function FilterBar({ filter, counts, onChange }: FilterBarProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const [text, setText] = useSearchText(filter.text ?? '', (value) => onChange({ ...filter, text: value }, 'typing'))
  const { kinds = [], statuses = [], days } = filter
  const chosenOutcomes = filter.outcomes ?? []
  const countOf = (dimension: 'kinds' | 'outcomes' | 'refundStatuses', value: string) =>
    counts && (counts[dimension][value] ?? 0)
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
          >
            {labels.kind(kind)}
          </Chip>
        ))}
        <ChipDivider />
        <FilterMenu
          label={t('library.refundStatus')}
          options={refundStatuses.map((value) => ({
            value,
            label: labels.status(value),
            count: countOf('refundStatuses', value),
          }))}
          value={statuses}
          onChange={(value) => onChange({ ...filter, statuses: value })}
        />
        <FilterMenu
          label={t('library.outcome')}
          options={outcomes
            .filter((value) => value !== 'no_job')
            .map((value) => ({ value, label: labels.outcome(value), count: countOf('outcomes', value) }))}
          value={chosenOutcomes}
          onChange={(value) => onChange({ ...filter, outcomes: value })}
        />
      </ChipRow>
    </div>
  )
}
