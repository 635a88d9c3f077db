import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronDown, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/use-format.tsx'
import chipStyles from './chip.module.css'
import styles from './floating.module.css'
import { Icon } from './icon.tsx'

interface FilterOption<T extends string> {
  value: T
  label: string
  /** The number of matches. An option with 0 stays visible and is disabled unless it is chosen. */
  count?: number
  /** The count is a lower bound. */
  atLeast?: boolean
}

interface FilterMenuProps<T extends string> {
  label: string
  options: FilterOption<T>[]
  value: readonly T[]
  onChange: (value: T[]) => void
  /** Only a single option can be chosen. */
  exclusive?: boolean
}

/** A chip that opens a list of options. It names the chosen options and can be cleared. */
export function FilterMenu<T extends string>({ label, options, value, onChange, exclusive }: FilterMenuProps<T>) {
  const { t } = useTranslation()
  const isDisabled = (option: FilterOption<T>) => option.count === 0 && !value.includes(option.value)
  const chosen = options.filter((option) => value.includes(option.value))
  const active = chosen.length > 0
  return (
    <span className={active ? chipStyles.group : undefined}>
      <Base.Root>
        <Base.Trigger className={`${chipStyles.chip} ${active ? chipStyles.on : ''}`}>
          <span className="clip">
            {active ? `${label}: ${chosen.map((option) => option.label).join(', ')}` : label}
          </span>
          {!active && <Icon icon={ChevronDown} size={14} />}
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner className={styles.positioner} align="start" sideOffset={4}>
            <Base.Popup className={`${styles.popup} ${styles.menu}`}>
              {exclusive ? (
                <Base.RadioGroup value={value[0] ?? null} onValueChange={(chosen: T) => onChange([chosen])}>
                  {options.map((option) => (
                    <Base.RadioItem
                      key={option.value}
                      className={styles.item}
                      value={option.value}
                      disabled={isDisabled(option)}
                      closeOnClick
                    >
                      <span className={styles.radio}>
                        <Base.RadioItemIndicator>
                          <Icon icon={Check} size={14} />
                        </Base.RadioItemIndicator>
                      </span>
                      <OptionText option={option} />
                    </Base.RadioItem>
                  ))}
                </Base.RadioGroup>
              ) : (
                options.map((option) => (
                  <Base.CheckboxItem
                    key={option.value}
                    className={styles.item}
                    checked={value.includes(option.value)}
                    disabled={isDisabled(option)}
                    onCheckedChange={(checked) =>
                      onChange(checked ? [...value, option.value] : value.filter((other) => other !== option.value))
                    }
                  >
                    <span className={styles.check}>
                      <Base.CheckboxItemIndicator>
                        <Icon icon={Check} size={14} />
                      </Base.CheckboxItemIndicator>
                    </span>
                    <OptionText option={option} />
                  </Base.CheckboxItem>
                ))
              )}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
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

function OptionText<T extends string>({ option: { label, count, atLeast } }: { option: FilterOption<T> }) {
  const format = useFormat()
  return (
    <>
      {label}
      {count !== undefined && (
        <span className={`num ${styles.itemCount}`}>{atLeast ? format.least(count) : format.number(count)}</span>
      )}
    </>
  )
}
