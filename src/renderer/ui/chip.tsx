import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormat } from '../i18n/use-format.tsx'
import styles from './chip.module.css'
import { Icon } from './icon.tsx'

interface ChipProps {
  pressed: boolean
  onPressedChange: (pressed: boolean) => void
  icon?: LucideIcon
  /** The number of matches. A chip with 0 stays visible and is disabled unless it is on. */
  count?: number
  /** The count is a lower bound. */
  atLeast?: boolean
  children: ReactNode
}

/** A filter that is on or off. */
export function Chip({ pressed, onPressedChange, icon, count, atLeast, children }: ChipProps) {
  const format = useFormat()
  return (
    <button
      type="button"
      className={styles.chip}
      aria-pressed={pressed}
      disabled={count === 0 && !pressed}
      onClick={() => onPressedChange(!pressed)}
    >
      {icon && <Icon icon={icon} size={14} />}
      {children}
      {count !== undefined && (
        <span className={`num ${styles.count}`}>{atLeast ? format.least(count) : format.number(count)}</span>
      )}
    </button>
  )
}

/** The look of a chip for other buttons, such as a menu's trigger. */
export const chipClass = styles.chip

export function ChipRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would have to show its legend
    <div className={styles.row} role="group" aria-label={label}>
      {children}
    </div>
  )
}

export const ChipDivider = () => <span className={styles.divider} />
