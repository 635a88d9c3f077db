import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch, useLocation } from 'wouter'
import { useConnection, useRefetchAfterLoss } from '../data/connection.ts'
import { useFailedCommands, useRoute } from '../data/hooks.ts'
import { useErrorText } from '../i18n/use-texts.ts'
import { useIsHeld } from '../navigation/hash-location.ts'
import { screens } from '../screens/screens.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './shell.module.css'
import { Sidebar } from './sidebar.tsx'
import { useSearchKey } from './use-search-key.ts'

export function Shell() {
  const { t } = useTranslation()
  const { lost } = useConnection()
  useRefetchAfterLoss(lost)
  useSearchKey()
  useRefusals()
  const main = useFocusOnChange()
  const isHeld = useIsHeld()
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </button>
      <Sidebar />
      <main ref={main} tabIndex={-1} className={styles.main} aria-busy={isHeld || undefined}>
        <Switch>
          {screens.map(({ path, component }) => (
            <Route key={path} path={path} component={component} />
          ))}
        </Switch>
      </main>
    </div>
  )
}

/** If a command is refused because nothing can be saved, a toast says why; the notice above the screens stays. */
function useRefusals(): void {
  const toast = useToast()
  const errorText = useErrorText()
  const { data: info } = useRoute('app.info', {})
  useFailedCommands((error) => {
    if (error.code === info?.readOnly?.code) toast(errorText(error))
  })
}

/** Moves the focus to the new screen, and a narrow window to its top, as a page load would. */
function useFocusOnChange() {
  const main = useRef<HTMLElement>(null)
  const [path] = useLocation()
  const screen = path.split('/')[1]
  const lastScreen = useRef(screen)
  useEffect(() => {
    if (lastScreen.current === screen) return
    lastScreen.current = screen
    main.current?.parentElement?.scrollTo({ top: 0 })
    main.current?.focus({ preventScroll: true })
  }, [screen])
  return main
}
