import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import styles from './floating.module.css'

interface TooltipProps {
  content: ReactNode
  side?: 'top' | 'right' | 'bottom'
  /** Shows no tooltip, for example because the text is already visible. */
  disabled?: boolean
  /** The trigger. It needs an accessible name of its own. */
  children: ReactElement<Record<string, unknown>>
}

export function Tooltip({ content, side = 'top', disabled, children }: TooltipProps) {
  return (
    <Base.Root disabled={disabled || !content}>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} side={side} sideOffset={6}>
          <Base.Popup className={styles.tooltip}>{content}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
