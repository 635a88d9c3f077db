import styles from './meter.module.css'

interface MeterProps {
  label: string
  /** Between 0 and 1. */
  share: number
}

/** A progress bar. */
export function Meter({ label, share }: MeterProps) {
  const percent = Math.round(share * 100)
  return (
    <span
      className={styles.meter}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span className={styles.fill} style={{ width: `${percent}%` }} />
    </span>
  )
}
