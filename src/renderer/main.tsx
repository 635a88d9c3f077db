import { createRoot } from 'react-dom/client'
import { App, Unreachable } from './app.tsx'
import { getBridge } from './bridge/index.ts'
import { now } from './data/clock.ts'
import { createLocalization } from './i18n/i18n.ts'
import './styles/tokens.css'
import './styles/base.css'

// Used until the settings are loaded.
const systemLanguage = navigator.language.startsWith('ko') ? 'ko' : 'en'
const localization = createLocalization(systemLanguage, now)
const root = createRoot(document.getElementById('root') as HTMLElement)

// The bridge must remove its hand-over code from the address before the router reads the address.
getBridge().then(
  (bridge) => root.render(<App bridge={bridge} localization={localization} />),
  () => root.render(<Unreachable localization={localization} />),
)
