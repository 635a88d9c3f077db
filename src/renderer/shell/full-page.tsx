import type { ReactNode } from 'react'
import styles from './full-page.module.css'
import { Logo } from './logo.tsx'

interface FullPageProps {
  /** How assistive technology announces the text. */
  role: 'alert' | 'status'
  children: ReactNode
}

/** A page of its own in place of the app: a heading, texts and one button. */
export function FullPage({ role, children }: FullPageProps) {
  return (
    <main className={styles.page}>
      <div className={styles.text} role={role}>
        <Logo className={styles.mark} />
        {children}
      </div>
    </main>
  )
}
