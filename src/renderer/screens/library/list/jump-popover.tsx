import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactElement, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppError } from '../../../../shared/errors.ts'
import type { JobDay } from '../../../../shared/views.ts'
import { msPerDay } from '../../../gallery/list-page.ts'
import { useFormat } from '../../../i18n/use-format.tsx'
import { Problem } from '../../../parts/screen/problem.tsx'
import { Button } from '../../../ui/button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import styles from './jump-to-date.module.css'

export interface JumpPopoverProps {
  trigger: ReactElement<Record<string, unknown>>
  /** Whether it is open at first. */
  defaultOpen?: boolean
  /** The days to choose from, newest first, at least one. */
  days: readonly JobDay[]
  /** Goes to the newest job before a time. */
  onJump: (before: number) => Promise<void>
}

/** Asks for a day and goes to its newest job. */
export function JumpPopover({ trigger, defaultOpen = false, days, onJump }: JumpPopoverProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const dateOf = (day: JobDay | undefined) => (day ? format.dayKey(day.day + msPerDay / 2) : '')
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOpen, setOpen] = useState(defaultOpen)
  /** Whether the focus moved to the chosen day. */
  const hasJumped = useRef(false)
  const jump = useMutation<void, AppError, number>({
    mutationFn: onJump,
    onSuccess() {
      hasJumped.current = true
      setOpen(false)
    },
  })

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const [year = 0, month = 1, day = 1] = (input.current?.value ?? '').split('-').map(Number)
    if (year > 0) jump.mutate(new Date(year, month - 1, day + 1).getTime())
  }
  return (
    <Popover
      title={t('library.jump.label')}
      open={isOpen}
      onOpenChange={(open) => {
        hasJumped.current = false
        jump.reset()
        setOpen(open)
      }}
      returnsFocus={() => !hasJumped.current}
      trigger={trigger}
    >
      <form className={styles.form} onSubmit={onSubmit}>
        <label htmlFor={id}>{t('library.jump.date')}</label>
        <TextField
          ref={input}
          id={id}
          type="date"
          required
          min={dateOf(days.at(-1))}
          max={dateOf(days[0])}
          defaultValue={dateOf(days[0])}
        />
        <Button type="submit" variant="primary">
          {t('library.jump.go')}
        </Button>
        <p className={styles.hint}>{t('library.jump.hint')}</p>
        <Problem error={jump.error} />
      </form>
    </Popover>
  )
}
