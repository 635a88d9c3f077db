import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../data/connection.ts'
import { Screen, Sheet, useReady } from './screen.tsx'
import { ErrorState } from './states.tsx'
import { loadPageAgain, useNotLoaded } from './use-not-loaded.ts'

/** Shown instead of a screen whose code could not be loaded. Once the app answers again, the page is loaded again. */
export function NotLoadedScreen() {
  const { t } = useTranslation()
  const { lost } = useConnection()
  const { error, retry } = useNotLoaded()
  const wasLost = useRef(lost)
  useEffect(() => {
    if (wasLost.current && !lost) loadPageAgain()
    wasLost.current = lost
  }, [lost])
  useReady(true)
  return (
    <Screen title={t('app.name')}>
      <Sheet>
        <ErrorState error={error} onRetry={retry} />
      </Sheet>
    </Screen>
  )
}
