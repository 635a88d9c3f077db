import type { ReactNode } from 'react'
import styles from './full-page.module.css'
import { Logo } from './logo.tsx'

interface FullPageProps {
  /** How assistive technology announces the title and the text. */
  role: 'alert' | 'status'
  title: string
  /** Paragraphs. */
  text: ReactNode
  /** What the user can do. It is not announced: a live region would read every change of a form aloud. */
  children: ReactNode
}

/** A page of its own in place of the app. */
export function FullPage({ role, title, text, children }: FullPageProps) {
  return (
    <main className={styles.page}>
      <div className={styles.text}>
        <Logo className={styles.mark} />
        <div className={styles.announced} role={role}>
          <h1 className="lines">{title}</h1>
          {text}
        </div>
        {children}
      </div>
    </main>
  )
}
