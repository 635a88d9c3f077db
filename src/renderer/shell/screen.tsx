import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Notices } from './notices.tsx'
import styles from './screen.module.css'

interface ScreenProps {
  title: string
  /** The screen that this one belongs to, shown before the title. */
  parent?: { to: string; title: string }
  /** Controls at the right of the title bar. */
  actions?: ReactNode
  /** `scroll`: the body is one scrolling sheet. `panes`: it fills the height and its parts scroll themselves. */
  layout?: 'scroll' | 'panes'
  children?: ReactNode
}

/** A screen: the title bar, what has to be said about the whole app, and the sheet. */
export function Screen({ title, parent, actions, layout = 'scroll', children }: ScreenProps) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${title} – ${t('app.name')}`
  }, [title, t])
  return (
    <div className={styles.screen}>
      <header className={styles.bar}>
        <div className={styles.title}>
          {parent && (
            <>
              <Link href={parent.to} className={styles.parent}>
                {parent.title}
              </Link>
              <span className={styles.slash} aria-hidden>
                /
              </span>
            </>
          )}
          <h1>{title}</h1>
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <Notices />
      <div className={`${styles.body} ${layout === 'scroll' ? styles.scroll : ''}`}>{children}</div>
    </div>
  )
}
