import type { ReactNode } from 'react'
import { useFormat } from '../i18n/use-format.tsx'
import styles from './section-heading.module.css'

interface SectionHeadingProps {
  /** The id for the section's `aria-labelledby`. */
  id?: string
  count?: number
  /** A link or a legend, at the right. */
  aside?: ReactNode
  children: ReactNode
}

export function SectionHeading({ id, count, aside, children }: SectionHeadingProps) {
  const format = useFormat()
  return (
    <div className={styles.heading}>
      <h2 id={id}>{children}</h2>
      {count !== undefined && <span className={`num ${styles.count}`}>{format.number(count)}</span>}
      {aside && <div className={styles.aside}>{aside}</div>}
    </div>
  )
}
