import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch, useLocation } from 'wouter'
import { useConnection, useRefetchAfterLoss } from '../data/connection.ts'
import { screens } from '../screens/screens.tsx'
import styles from './shell.module.css'
import { Sidebar } from './sidebar.tsx'
import { useSearchKey } from './use-search-key.ts'

export function Shell() {
  const { t } = useTranslation()
  const { lost } = useConnection()
  useRefetchAfterLoss(lost)
  useSearchKey()
  const main = useFocusOnChange()
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </button>
      <Sidebar />
      <main ref={main} tabIndex={-1} className={styles.main}>
        <Switch>
          {screens.map(({ path, component }) => (
            <Route key={path} path={path} component={component} />
          ))}
        </Switch>
      </main>
    </div>
  )
}

/** Moves the focus to the new screen, as a page load would. */
function useFocusOnChange() {
  const main = useRef<HTMLElement>(null)
  const [path] = useLocation()
  const screen = path.split('/')[1]
  const lastScreen = useRef(screen)
  useEffect(() => {
    if (lastScreen.current === screen) return
    lastScreen.current = screen
    main.current?.focus({ preventScroll: true })
  }, [screen])
  return main
}
