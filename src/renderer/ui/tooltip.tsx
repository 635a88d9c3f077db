import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

type Side = 'top' | 'right' | 'bottom'

/** Connects the triggers with the layer that shows their tooltips, whose code loads after the first paint. */
export const tooltips = Base.createHandle<{ content: ReactNode; side: Side }>()

interface TooltipProps {
  content: ReactNode
  side?: Side
  /** Shows no tooltip, for example because the text is already visible. */
  disabled?: boolean
  /** The trigger. It needs an accessible name of its own. */
  children: ReactElement<Record<string, unknown>>
}

export function Tooltip({ content, side = 'top', disabled, children }: TooltipProps) {
  return (
    <Base.Trigger handle={tooltips} payload={{ content, side }} disabled={disabled || !content} render={children} />
  )
}
