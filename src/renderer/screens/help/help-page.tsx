import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Screen } from '../../shell/screen.tsx'
import styles from './help-page.module.css'
import type { HelpPath } from './paths.ts'

interface HelpPageProps {
  path: HelpPath
  /** What Carat itself says about it, at the right. */
  rail: ReactNode
  children: ReactNode
}

/** A help path: its question, the answer in a sentence, what to do with it, and Carat's own words beside it. */
export function HelpPage({ path, rail, children }: HelpPageProps) {
  const { t } = useTranslation()
  const lines = { separator: '\n' }
  return (
    <Screen title={t(`help.${path}.title`)} parent={{ to: '/help', title: t('nav.help') }} layout="panes">
      <div className={styles.panes}>
        <div className={styles.main}>
          <article className={styles.text}>
            <header>
              <h2 className={`lines ${styles.question}`}>{t(`help.${path}.title`, lines)}</h2>
              <p className={`lines ${styles.lead}`}>{t(`help.${path}.lead`, lines)}</p>
            </header>
            {children}
          </article>
        </div>
        <aside className={styles.rail} aria-label={t('help.carat.title')}>
          {rail}
        </aside>
      </div>
    </Screen>
  )
}
