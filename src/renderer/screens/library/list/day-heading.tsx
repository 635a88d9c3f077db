import { useFormat } from '../../../i18n/use-format.tsx'
import styles from './day-heading.module.css'

interface DayHeadingProps {
  /** A time of the day. */
  at: number
  /** The number of jobs of the day; null if it is not known yet. */
  count: number | null
  aside?: string
}

export function DayHeading({ at, count, aside }: DayHeadingProps) {
  const format = useFormat()
  const near = format.nearDay(at)
  return (
    <div className={styles.heading}>
      <h2 className={`num ${styles.day}`}>
        {near ?? format.weekday(at)}
        {near && <span className={styles.date}> {format.weekday(at)}</span>}
      </h2>
      {count !== null && <span className={`num ${styles.count}`}>{format.number(count)}</span>}
      {aside && <span className={`num ${styles.aside}`}>{aside}</span>}
    </div>
  )
}
