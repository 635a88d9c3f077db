import type { ReactNode } from 'react'
import styles from './sheet.module.css'

/** The padded content of a scrolling screen, on the left edge that all screens share. */
export function Sheet({ children }: { children: ReactNode }) {
  return <div className={styles.sheet}>{children}</div>
}
