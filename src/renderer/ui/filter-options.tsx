import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement } from 'react'
import { useFormat } from '../i18n/use-format.tsx'
import styles from './floating.module.css'
import { Icon } from './icon.tsx'

export interface FilterOption<T extends string> {
  value: T
  label: string
  /** The number of matches. An option with 0 stays visible and is disabled unless it is chosen. */
  count?: number
  /** The count is a lower bound. */
  atLeast?: boolean
}

export interface FilterOptionsProps<T extends string> {
  trigger: ReactElement<Record<string, unknown>>
  /** Whether it is open at first. */
  defaultOpen?: boolean
  options: FilterOption<T>[]
  value: readonly T[]
  onChange(value: T[]): void
  /** Only a single option can be chosen. */
  exclusive?: boolean
}

/** A menu of the options of a filter. */
export function FilterOptions<T extends string>(props: FilterOptionsProps<T>) {
  const { trigger, defaultOpen, options, value, onChange, exclusive } = props
  const isDisabled = (option: FilterOption<T>) => option.count === 0 && !value.includes(option.value)
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
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
