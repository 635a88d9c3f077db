import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { LucideIcon } from 'lucide-react'
import { Icon } from './icon.tsx'
import styles from './segmented.module.css'

interface SegmentedOption<T extends string> {
  value: T
  /** The accessible name; also the visible text unless `icon` or `short` is given. */
  label: string
  short?: string
  icon?: LucideIcon
}

interface SegmentedProps<T extends string> {
  label: string
  options: SegmentedOption<T>[]
  value: T
  onChange: (value: T) => void
  /** Fills the width with options of equal width. */
  fill?: boolean
  className?: string
}

/** A choice of exactly one option of a few. */
export function Segmented<T extends string>({ label, options, value, onChange, fill, className }: SegmentedProps<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={`${styles.group} ${fill ? styles.fill : ''} ${className ?? ''}`}
      value={[value]}
      onValueChange={([next]) => next && onChange(next)}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          aria-label={option.icon || option.short ? option.label : undefined}
          className={`${styles.option} ${option.icon ? '' : styles.word}`}
        >
          {option.icon ? <Icon icon={option.icon} /> : (option.short ?? option.label)}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
