import { QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Router } from 'wouter'
import type { Bridge } from '../shared/bridge.ts'
import type { ErrorView } from '../shared/errors.ts'
import { followClock } from './data/clock.ts'
import type { FirstRequests } from './data/first-requests.ts'
import { BridgeContext, useBridge, useRoute } from './data/hooks.ts'
import { followEvents } from './data/live-queries.ts'
import { createQueryClient } from './data/query-client.ts'
import { useApplySettings, useSettings } from './data/settings.ts'
import type { Localization } from './i18n/i18n.ts'
import { LocalizationProvider } from './i18n/use-format.tsx'
import { AgentFilterProvider } from './navigation/agent-filter.tsx'
import { hashHref, useHashPath, useHashSearch } from './navigation/hash-location.ts'
import { DragOutProvider } from './parts/jobs/drag-out.tsx'
import { DamagePage } from './shell/damage-page.tsx'
import { Shell } from './shell/shell.tsx'
import { UnreachablePage } from './shell/unreachable-page.tsx'
import { UiProviders } from './ui/providers.tsx'

interface AppProps {
  bridge: Bridge
  /** What was asked before the code of the page was there. */
  first?: FirstRequests
  localization: Localization
}

export function App({ bridge, first, localization }: AppProps) {
  const [client] = useState(() => createQueryClient(first?.all))
  useEffect(() => followEvents(bridge, client, first?.takeEvents()), [bridge, client, first])
  return (
    <BridgeContext value={bridge}>
      <QueryClientProvider client={client}>
        <LocalizationProvider localization={localization}>
          <UiProviders>
            <AgentFilterProvider>
              <Router hook={useHashPath} searchHook={useHashSearch} hrefs={hashHref}>
                <DragOutProvider>
                  <Start />
                </DragOutProvider>
              </Router>
            </AgentFilterProvider>
          </UiProviders>
        </LocalizationProvider>
      </QueryClientProvider>
    </BridgeContext>
  )
}

/** The page shown when no core answers at the start. */
export function Unreachable({ localization }: Pick<AppProps, 'localization'>) {
  return (
    <LocalizationProvider localization={localization}>
      <UnreachablePage />
    </LocalizationProvider>
  )
}

/** Renders nothing until language, theme and clock are known: the page must not flash in the wrong ones. */
function Start() {
  const { host } = useBridge()
  const [settings] = useSettings()
  const { data: info, dataUpdatedAt, error, refetch } = useRoute('app.info', {})
  const { data: recovery } = useRoute('recovery.state', {})
  const [damage, setDamage] = useState<ErrorView | null>(null)
  // Kept until the user has read what came back; the new core no longer knows of the damage.
  if (recovery?.damage && damage === null) setDamage(recovery.damage)
  const client = useQueryClient()
  const [clockSet, setClockSet] = useState(false)
  const { i18n } = useTranslation()
  const [speaks, setSpeaks] = useState(false)
  // Later changes of the language happen on screen.
  if (!speaks && settings?.language === i18n.language) setSpeaks(true)
  useApplySettings(settings)

  useLayoutEffect(() => {
    if (!info) return
    followClock(info, dataUpdatedAt)
    const names: Record<string, string> = { darwin: 'mac', win32: 'win' }
    document.documentElement.dataset.os = host === 'electron' ? (names[info.platform] ?? 'linux') : 'browser'
    setClockSet(true)
  }, [info, dataUpdatedAt, host])

  if (speaks && damage) {
    const goOn = () => {
      setDamage(null)
      client.resetQueries()
    }
    return <DamagePage error={damage} onRecovered={goOn} />
  }
  if (speaks && clockSet) return <Shell />
  return error ? <UnreachablePage onRetry={() => refetch()} /> : null
}
