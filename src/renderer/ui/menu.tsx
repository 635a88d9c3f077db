import { Menu as Base } from '@base-ui/react/menu'
import { Check, type LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import styles from './floating.module.css'
import { Icon } from './icon.tsx'

interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>
  side?: 'top' | 'right' | 'bottom'
  align?: 'start' | 'end'
  /** Whether it is open at first. */
  defaultOpen?: boolean
  children: ReactNode
}

export function Menu({ trigger, side, align = 'start', defaultOpen, children }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} side={side} align={align} sideOffset={4}>
          <Base.Popup className={`${styles.popup} ${styles.menu}`}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  icon?: LucideIcon
  onSelect: () => void
  disabled?: boolean
  children: ReactNode
}

export function MenuItem({ icon, onSelect, disabled, children }: MenuItemProps) {
  return (
    <Base.Item className={styles.item} onClick={onSelect} disabled={disabled}>
      {icon && <Icon icon={icon} />}
      {children}
    </Base.Item>
  )
}

export const MenuDivider = () => <Base.Separator className={styles.divider} />

interface MenuChoiceProps {
  /** The accessible name of the choice. */
  label: string
  options: readonly { value: string; label: string; detail?: string }[]
  value: string | null
  onChange: (value: string) => void
}

/** A choice of one option within a menu, which it closes. */
export function MenuChoice({ label, options, value, onChange }: MenuChoiceProps) {
  return (
    <Base.RadioGroup aria-label={label} value={value} onValueChange={(chosen: string) => onChange(chosen)}>
      {options.map((option) => (
        <Base.RadioItem key={option.value} className={styles.item} value={option.value} closeOnClick>
          <span className={styles.radio}>
            <Base.RadioItemIndicator>
              <Icon icon={Check} size={14} />
            </Base.RadioItemIndicator>
          </span>
          <span className={styles.option}>
            {option.label}
            {option.detail && <span className={styles.detail}>{option.detail}</span>}
          </span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}
