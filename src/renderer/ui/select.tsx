import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Icon } from './icon.tsx'
import styles from './select.module.css'

export interface SelectOption {
  value: string
  label: string
}

export interface SelectSection {
  label: string
  options: SelectOption[]
}

type SelectProps = Omit<ComponentProps<'select'>, 'onChange' | 'value' | 'children'> & {
  /** The accessible name. */
  label: string
  options: readonly (SelectOption | SelectSection)[]
  value: string
  onChange: (value: string) => void
}

/** A choice of one option of many: the system's own list, which works by keyboard and with every input method. */
export function Select({ label, options, value, onChange, className = '', ...rest }: SelectProps) {
  return (
    <span className={`${styles.select} ${className}`}>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} {...rest}>
        {options.map((option) =>
          'options' in option ? (
            <optgroup key={option.label} label={option.label}>
              {option.options.map(toOption)}
            </optgroup>
          ) : (
            toOption(option)
          ),
        )}
      </select>
      <Icon icon={ChevronDown} size={14} />
    </span>
  )
}

const toOption = ({ value, label }: SelectOption) => (
  <option key={value} value={value}>
    {label}
  </option>
)
