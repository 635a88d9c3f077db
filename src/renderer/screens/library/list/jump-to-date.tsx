import { CalendarDays } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { later } from '../../../parts/screen/later.tsx'
import { chipClass } from '../../../ui/chip.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { JumpPopoverProps } from './jump-popover.tsx'

const JumpPopover = later<JumpPopoverProps>('dialog', () =>
  import('./jump-popover.tsx').then((code) => code.JumpPopover),
)

/** A button that asks for a day and goes to its newest job. */
export function JumpToDate(props: Pick<JumpPopoverProps, 'days' | 'onJump'>) {
  const { t } = useTranslation()
  return (
    <JumpPopover
      {...props}
      trigger={
        <button type="button" className={chipClass}>
          <Icon icon={CalendarDays} size={14} />
          {t('library.jump.label')}
        </button>
      }
    />
  )
}
