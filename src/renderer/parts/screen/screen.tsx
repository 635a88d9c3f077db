import { CircleUserRound } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAccountsInView } from '../../data/account.ts'
import { lines } from '../../i18n/format.ts'
import { useIsHeld } from '../../navigation/hash-location.ts'
import { reportNotReady, reportReady } from '../../ui/page-ready.ts'
import { useAccountLabel } from '../accounts/account-label.ts'
import { Notice } from './notice.tsx'
import { Notices } from './notices.tsx'
import { SampleBanner } from './sample-banner.tsx'
import styles from './screen.module.css'

interface ScreenProps {
  title: string
  /** A link to the parent screen before the title. */
  parent?: { to: string; title: string }
  /** Controls at the right of the title bar. */
  actions?: ReactNode
  /** `scroll`: the whole body scrolls. `panes`: the body fills the height and each pane scrolls. */
  layout?: 'scroll' | 'panes'
  /** The screen is about one account, also while the lists show all. */
  ofOneAccount?: boolean
  children?: ReactNode
}

/** A screen: the title bar, the app-wide notices and the content. */
export function Screen({ title, parent, actions, layout = 'scroll', ofOneAccount = false, children }: ScreenProps) {
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
      <SampleBanner />
      <Notices />
      {ofOneAccount && <OneAccountNote />}
      <div className={`${styles.body} ${layout === 'scroll' ? styles.scroll : ''}`}>{children}</div>
    </div>
  )
}

/** In a view of all accounts, names the account that a screen is about. */
function OneAccountNote() {
  const { t } = useTranslation()
  const accountLabel = useAccountLabel()
  const [first, second] = useAccountsInView()
  if (!first || !second) return null
  return (
    <Notice
      tone="grey"
      icon={CircleUserRound}
      body={t('account.onlyOne', { name: accountLabel(first.id), ...lines })}
    />
  )
}

/** The padded content of a scrolling screen, aligned with the title bar. */
export function Sheet({ children }: { children: ReactNode }) {
  return <div className={styles.sheet}>{children}</div>
}

/** Marks the page as ready once a screen has painted its first data, or the reason why there is none. */
export function useReady(painted: boolean): void {
  const isHeld = useIsHeld()
  useEffect(() => {
    if (isHeld) reportNotReady()
    else if (painted) reportReady()
  }, [painted, isHeld])
}
