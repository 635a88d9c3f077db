import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { lines } from '../../i18n/format.ts'
import type { HelpPath } from '../../navigation/help-path.ts'
import { helpPath } from '../../navigation/help-path.ts'
import { Screen } from '../../parts/screen/screen.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './help-page.module.css'

interface HelpPageProps {
  path: HelpPath
  /** The current step and the number of steps. */
  progress?: string
  /** Whether the user has completed a step, so that the path can start over. */
  started?: boolean
  /** Quotes of Carat's help, at the right. */
  rail: ReactNode
  children: ReactNode
}

/** The frame of a Help path: its question, its content, and Carat's own words beside it. */
export function HelpPage({ path, progress, started = false, rail, children }: HelpPageProps) {
  const { t } = useTranslation()
  return (
    <Screen
      title={t(`help.${path}.title`)}
      parent={{ to: '/help', title: t('nav.help') }}
      layout="panes"
      actions={
        started && (
          <Link href={helpPath(path)} className={buttonClass({ variant: 'plain' })}>
            <Icon icon={RotateCcw} size={14} />
            {t('help.startOver')}
          </Link>
        )
      }
    >
      <div className={styles.panes}>
        <div className={styles.main}>
          <article className={styles.text}>
            <header>
              {progress && <p className={`num ${styles.progress}`}>{progress}</p>}
              <h2 className={`lines ${styles.question}`}>{t(`help.${path}.title`, lines)}</h2>
              {!started && <p className={`lines ${styles.lead}`}>{t(`help.${path}.lead`, lines)}</p>}
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
