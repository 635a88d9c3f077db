import { app, Menu, nativeTheme } from 'electron'
import type { Settings } from '../shared/views.ts'
import { hiddenSwitch } from './arguments.ts'
import { applicationMenu, type MenuActions } from './menu.ts'
import { setQuickMenus } from './quick-menus.ts'
import type { AppTray } from './tray.ts'

export interface AppearanceParts {
  tray: AppTray
  actions: MenuActions
}

/** Whether the app has an icon in the tray. macOS keeps an app without windows by itself. */
export const hasTray = ({ runsInBackground }: Settings) => process.platform === 'darwin' || runsInBackground

/** Brings theme, menus, tray and the start at login in line with the settings. */
export function applySettings(settings: Settings, { tray, actions }: AppearanceParts): void {
  const { theme, language, startsAtLogin } = settings
  nativeTheme.themeSource = theme
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(language, process.platform, actions)))
  setQuickMenus(language, actions)
  tray.show(hasTray(settings) ? language : null)
  // A checkout must not start at login in place of the installed app.
  if (app.isPackaged && process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: startsAtLogin, args: [hiddenSwitch] })
  }
}
