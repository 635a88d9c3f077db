import type { Precision } from '../i18n/format.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { Tooltip } from './tooltip.tsx'

interface AmountProps {
  value: number
  /** `signed`: with + or −. `unit`: followed by "credits". */
  look?: 'plain' | 'signed' | 'unit'
  className?: string
}

export function Amount({ value, look = 'plain', className = '' }: AmountProps) {
  const format = useFormat()
  const write = { plain: format.number, signed: format.signed, unit: format.credits }[look]
  return <span className={`num ${className}`}>{write(value)}</span>
}

interface TimeProps {
  /** Epoch milliseconds. */
  at: number
  /** `dateTime` names near days in words; `time` is for rows below a day heading. */
  look?: 'dateTime' | 'time' | 'date' | 'timeSeconds'
  /** How exact the time is; neither the text nor its tooltip says more. */
  precision?: Precision
  className?: string
}

/** A time; its tooltip shows the full date and time with the zone. */
export function Time({ at, look = 'dateTime', precision, className = '' }: TimeProps) {
  const format = useFormat()
  return (
    <Tooltip content={format.full(at, precision)}>
      <time className={`num ${className}`} dateTime={new Date(at).toISOString()}>
        {look === 'dateTime' ? format.dateTime(at, precision) : format[look](at)}
      </time>
    </Tooltip>
  )
}
