import type { ReactNode } from 'react'
import styles from './legend.module.css'

interface LegendProps {
  fill: 'charged' | 'refunded'
  children: ReactNode
}

/** Explains a colour of the day chart. */
export function Legend({ fill, children }: LegendProps) {
  return (
    <span className={styles.legend}>
      <span className={`${styles.swatch} ${styles[fill]}`} />
      {children}
    </span>
  )
}
