import type { ComponentType } from 'react'
import { laterCode, useLaterCode } from '../parts/screen/later-code.ts'
import { NotFoundScreen } from '../parts/screen/not-found-screen.tsx'
import { NotLoadedScreen } from '../parts/screen/not-loaded-screen.tsx'
import { OverviewScreen } from './overview/overview-screen.tsx'

interface ScreenEntry {
  /** A route pattern. */
  path: string
  component: ComponentType
  /** Loads the code of the screen; null if it is there. Rejects if it cannot be loaded. */
  prepare(): Promise<void> | null
}

/** A screen whose code is a file of its own: the page then starts with the code of one screen. */
function screen(path: string, load: () => Promise<ComponentType>): ScreenEntry {
  const code = laterCode(load)
  const component = () => {
    const { Loaded, hasFailed } = useLaterCode(code)
    if (Loaded) return <Loaded />
    return hasFailed ? <NotLoadedScreen /> : null
  }
  return { path, component, prepare: code.prepare }
}

/** The app starts with it, so it comes with the code of every screen: a file of its own would be asked for only then. */
const overview = { component: OverviewScreen, prepare: () => null }

/** All screens with their route patterns; the first match is shown. */
export const screens: ScreenEntry[] = [
  { path: '/', ...overview },
  { path: '/overview', ...overview },
  screen('/library/:agent?/:jobId?', () => import('./library/library-screen.tsx').then((code) => code.LibraryScreen)),
  screen('/credits', () => import('./credits/credits-screen.tsx').then((code) => code.CreditsScreen)),
  screen('/refunds/:case?', () => import('./refunds/refunds-screen.tsx').then((code) => code.RefundsScreen)),
  screen('/help/:path?', () => import('./help/help-screen.tsx').then((code) => code.HelpScreen)),
  screen('/support/:page?', () => import('./support/support-screen.tsx').then((code) => code.SupportScreen)),
  screen('/import/:batch?', () => import('./import/import-screen.tsx').then((code) => code.ImportScreen)),
  screen('/settings', () => import('./settings/settings-screen.tsx').then((code) => code.SettingsScreen)),
  { path: '*', component: NotFoundScreen, prepare: () => null },
]

const nameOf = (path: string) => path.split('/')[1]

/** Loads the code of the screen at a path; null if it is there. */
export function prepareScreen(path: string): Promise<void> | null {
  return screens.find((entry) => nameOf(entry.path) === nameOf(path))?.prepare() ?? null
}

/** Loads the other screens one after another, so that every later change of the screen is immediate. */
export async function prepareAllScreens(): Promise<void> {
  for (const { prepare } of screens) await prepare()
}
