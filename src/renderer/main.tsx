import { createRoot } from 'react-dom/client'
import { App, Unreachable } from './app.tsx'
import { getBridge } from './bridge/index.ts'
import { now } from './data/clock.ts'
import { createLocalization } from './i18n/i18n.ts'
import { loadTexts } from './i18n/texts.ts'
import { addressedPath, preparePathsWith } from './navigation/hash-location.ts'
import { prepareAllScreens, prepareScreen } from './screens/screens.tsx'
import { pageReady } from './ui/page-ready.ts'
import './styles/tokens.css'
import './styles/base.css'

// Used until the settings are loaded.
const systemLanguage = navigator.language.startsWith('ko') ? 'ko' : 'en'
const root = createRoot(document.getElementById('root') as HTMLElement)

preparePathsWith(prepareScreen)
pageReady.then(() => requestIdleCallback(() => prepareAllScreens().catch(() => {})))

// The bridge removes its hand-over code from the address before the path is read.
const opening = Promise.all([getBridge(), prepareScreen(addressedPath())]).then(
  ([bridge]) => bridge,
  () => null,
)
loadTexts(systemLanguage).then(
  async (texts) => {
    const localization = createLocalization(systemLanguage, texts, now)
    const bridge = await opening
    root.render(
      bridge ? <App bridge={bridge} localization={localization} /> : <Unreachable localization={localization} />,
    )
  },
  // Without words the page can say nothing. If the host is gone, the browser says so.
  () => setTimeout(() => location.reload(), 1_000),
)
