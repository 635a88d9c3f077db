import { createRoot } from 'react-dom/client'
import { App, Unreachable } from './app.tsx'
import { getBridge } from './bridge/index.ts'
import { now } from './data/clock.ts'
import { createLocalization } from './i18n/i18n.ts'
import './styles/tokens.css'
import './styles/base.css'

// Only until the settings are read.
const systemLanguage = navigator.language.startsWith('ko') ? 'ko' : 'en'
const localization = createLocalization(systemLanguage, now)
const root = createRoot(document.getElementById('root') as HTMLElement)

// The bridge takes its hand-over code out of the address before the router reads it.
getBridge().then(
  (bridge) => root.render(<App bridge={bridge} localization={localization} />),
  () => root.render(<Unreachable localization={localization} />),
)
