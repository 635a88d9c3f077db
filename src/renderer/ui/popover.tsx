import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import styles from './floating.module.css'

interface PopoverProps {
  trigger: ReactElement<Record<string, unknown>>
  title: string
  side?: 'top' | 'right' | 'bottom'
  align?: 'start' | 'center' | 'end'
  /** Makes the popover controlled; uncontrolled by default. */
  open?: boolean
  /** Whether an uncontrolled one is open at first. */
  defaultOpen?: boolean
  onOpenChange?: (open: boolean) => void
  /** Whether closing returns the focus to the trigger; yes by default. */
  returnsFocus?: () => boolean
  children: ReactNode
}

export function Popover(props: PopoverProps) {
  const { trigger, title, side = 'bottom', align = 'start', open, defaultOpen, onOpenChange, returnsFocus } = props
  return (
    <Base.Root open={open} defaultOpen={defaultOpen} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} side={side} align={align} sideOffset={8}>
          <Base.Popup className={`${styles.popup} ${styles.popover}`} finalFocus={returnsFocus}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
