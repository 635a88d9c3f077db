import { ChevronDown, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import chipStyles from '../../ui/chip.module.css'
import type { FilterOptionsProps } from '../../ui/filter-options.tsx'
import { Icon } from '../../ui/icon.tsx'
import { later } from './later.tsx'

const FilterOptions = later<FilterOptionsProps<string>>('menu', () =>
  import('../../ui/filter-options.tsx').then((code) => code.FilterOptions),
)

interface FilterMenuProps<T extends string> extends Omit<FilterOptionsProps<T>, 'trigger' | 'defaultOpen'> {
  label: string
}

/** A chip that opens a list of options. It names the chosen options and can be cleared. */
export function FilterMenu<T extends string>({ label, ...choice }: FilterMenuProps<T>) {
  const { t } = useTranslation()
  const { options, value, onChange } = choice
  const chosen = options.filter((option) => value.includes(option.value))
  const active = chosen.length > 0
  return (
    <span className={active ? chipStyles.group : undefined}>
      <FilterOptions
        {...choice}
        trigger={
          <button type="button" className={`${chipStyles.chip} ${active ? chipStyles.on : ''}`}>
            <span className="clip">
              {active ? `${label}: ${chosen.map((option) => option.label).join(', ')}` : label}
            </span>
            {!active && <Icon icon={ChevronDown} size={14} />}
          </button>
        }
      />
      {active && (
        <button
          type="button"
          className={chipStyles.clear}
          aria-label={t('common.clearFilter', { label })}
          onClick={() => onChange([])}
        >
          <Icon icon={X} size={14} />
        </button>
      )}
    </span>
  )
}
