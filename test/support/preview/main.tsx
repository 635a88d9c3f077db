import { createRoot } from 'react-dom/client'
import { App } from '../../../src/renderer/app.tsx'
import { now } from '../../../src/renderer/data/clock.ts'
import { createLocalization } from '../../../src/renderer/i18n/i18n.ts'
import { loadTexts } from '../../../src/renderer/i18n/texts.ts'
import '../../../src/renderer/styles/tokens.css'
import '../../../src/renderer/styles/base.css'
import { screens } from '../../../src/renderer/screens/screens.tsx'
import type { Settings } from '../../../src/shared/views.ts'
import { openPreviewBridge } from './bridge.ts'
import { PartsScreen } from './parts.tsx'
import './preview.css'

// The components on one sheet are at #/parts. ?state=… &lang=ko|en|both &theme=light|dark|system &density=compact &view=list &host=electron
screens.unshift({ path: '/parts', component: PartsScreen, prepare: () => null })
const query = new URLSearchParams(location.search)
const bridge = openPreviewBridge(
  query.get('state') ?? 'full',
  query.get('host') === 'electron' ? 'electron' : 'browser',
)
await bridge.request('settings.set', {
  language: (query.get('lang') ?? 'ko') as Settings['language'],
  theme: (query.get('theme') ?? 'light') as Settings['theme'],
  density: (query.get('density') ?? 'default') as Settings['density'],
  libraryView: (query.get('view') ?? 'grid') as Settings['libraryView'],
})
const root = createRoot(document.getElementById('root') as HTMLElement)
const localization = createLocalization('ko', await loadTexts('both'), now, 'Asia/Seoul')
root.render(<App bridge={bridge} localization={localization} />)
