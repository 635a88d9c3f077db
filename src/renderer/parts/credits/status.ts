import {
  Check,
  CircleMinus,
  CircleQuestionMark,
  Contrast,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  OctagonAlert,
  SearchX,
  TriangleAlert,
  Undo2,
} from 'lucide-react'
import type { RefundStatus } from '../../../shared/values.ts'

export type Tone = 'grey' | 'accent' | 'red' | 'amber' | 'green' | 'teal'

interface StatusLook {
  icon: LucideIcon
  tone: Tone
  iconClass?: string
}

/** Icon and tone of each refund status. `data-tone` on an element defines `--tone` and `--tint` in it. */
export const statusLooks: Record<RefundStatus, StatusLook> = {
  not_charged: { icon: CircleMinus, tone: 'grey' },
  in_progress: { icon: LoaderCircle, tone: 'accent', iconClass: 'spin' },
  completed: { icon: Check, tone: 'grey' },
  refunded: { icon: Undo2, tone: 'green' },
  partially_refunded: { icon: Contrast, tone: 'green', iconClass: 'half-filled' },
  refund_pending: { icon: Hourglass, tone: 'teal' },
  refund_missing: { icon: OctagonAlert, tone: 'red' },
  result_missing: { icon: SearchX, tone: 'red' },
  needs_review: { icon: TriangleAlert, tone: 'amber' },
  cannot_tell: { icon: CircleQuestionMark, tone: 'grey' },
}
