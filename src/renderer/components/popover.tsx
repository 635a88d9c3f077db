import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import styles from './floating.module.css'

interface PopoverProps {
  trigger: ReactElement<Record<string, unknown>>
  title: string
  side?: 'top' | 'right' | 'bottom'
  align?: 'start' | 'center' | 'end'
  children: ReactNode
}

export function Popover({ trigger, title, side = 'bottom', align = 'start', children }: PopoverProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} side={side} align={align} sideOffset={8}>
          <Base.Popup className={`${styles.popup} ${styles.popover}`}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
