import { createRoot } from 'react-dom/client'
import { App, Unreachable } from './app.tsx'
import { now } from './data/clock.ts'
import { core, systemLanguage, systemTexts } from './early.ts'
import { createLocalization } from './i18n/i18n.ts'
import { addressedPath, preparePathsWith } from './navigation/hash-location.ts'
import { prepareAllScreens, prepareScreen } from './screens/screens.tsx'
import { pageReady } from './ui/page-ready.ts'
import './styles/tokens.css'
import './styles/base.css'

const root = createRoot(document.getElementById('root') as HTMLElement)

preparePathsWith(prepareScreen)
pageReady.then(() => requestIdleCallback(() => prepareAllScreens().catch(() => {})))

// The bridge has removed its hand-over code from the address.
const prepared = Promise.resolve(prepareScreen(addressedPath())).then(
  () => core,
  () => null,
)
systemTexts.then(
  async (texts) => {
    const localization = createLocalization(systemLanguage, texts, now)
    const opened = await prepared
    root.render(opened ? <App {...opened} localization={localization} /> : <Unreachable localization={localization} />)
  },
  // Without words the page can say nothing. If the host is gone, the browser says so.
  () => setTimeout(() => location.reload(), 1_000),
)
