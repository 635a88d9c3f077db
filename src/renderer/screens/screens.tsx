import type { ComponentType } from 'react'
import { NotFoundScreen } from '../parts/not-found-screen.tsx'
import { CreditsScreen } from './credits/credits-screen.tsx'
import { HelpScreen } from './help/help-screen.tsx'
import { ImportScreen } from './import/import-screen.tsx'
import { LibraryScreen } from './library/library-screen.tsx'
import { OverviewScreen } from './overview/overview-screen.tsx'
import { RefundsScreen } from './refunds/refunds-screen.tsx'
import { SettingsScreen } from './settings/settings-screen.tsx'
import { SupportScreen } from './support/support-screen.tsx'

/** All screens with their route patterns; the first match is shown. */
export const screens: { path: string; component: ComponentType }[] = [
  { path: '/', component: OverviewScreen },
  { path: '/overview', component: OverviewScreen },
  { path: '/library/:agent?/:jobId?', component: LibraryScreen },
  { path: '/credits', component: CreditsScreen },
  { path: '/refunds/:case?', component: RefundsScreen },
  { path: '/help/:path?', component: HelpScreen },
  { path: '/support/:page?', component: SupportScreen },
  { path: '/import/:batch?', component: ImportScreen },
  { path: '/settings', component: SettingsScreen },
  { path: '*', component: NotFoundScreen },
]
