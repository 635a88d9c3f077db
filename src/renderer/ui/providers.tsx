import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { pageReady } from './page-ready.ts'

/** Providers for the primitives: no inline style elements (content security policy), tooltips with their delay, and toasts. */
export function UiProviders({ children }: { children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={400}>
        {children}
        <LaterLayers />
      </Tooltip.Provider>
    </CSPProvider>
  )
}

/** The layers above the screens once the page is painted. Without their code the app no longer answers, which the page says. */
function LaterLayers() {
  const [Layers, setLayers] = useState<ComponentType | null>(null)
  useEffect(() => {
    pageReady
      .then(() => import('./floating-layers.tsx'))
      .then(
        (code) => setLayers(() => code.FloatingLayers),
        () => {},
      )
  }, [])
  return Layers && <Layers />
}
