import { type ReactNode, useId } from 'react'
import { SectionHeading } from '../../ui/section-heading.tsx'
import styles from './settings-screen.module.css'

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id}>{title}</SectionHeading>
      {children}
    </section>
  )
}

/** A setting with its name, a hint, and a control at the right. */
export function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <div>
        <div className={styles.label}>{label}</div>
        {hint && <p className={`lines ${styles.hint}`}>{hint}</p>}
      </div>
      {children}
    </div>
  )
}
