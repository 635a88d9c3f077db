import { app, Menu } from 'electron'
import { label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'
import { deepLinkScheme } from './deep-link.ts'

export interface QuickActions {
  go(path: string): void
  sync(): void
}

const screens = ['library', 'credits', 'refunds'] as const

/** The commands of the icon in the Dock of macOS and in the taskbar of Windows, in the user's language. */
export function setQuickMenus(language: Language, { go, sync }: QuickActions, platform = process.platform): void {
  if (platform === 'darwin') {
    const items = screens.map((screen) => ({ label: label(`nav.${screen}`, language), click: () => go(`/${screen}`) }))
    app.dock?.setMenu(Menu.buildFromTemplate([{ label: label('menu.syncNow', language), click: sync }, ...items]))
  }
  // A task starts the app a second time, and links may only show something. A checkout has no taskbar button of its own.
  if (platform === 'win32' && app.isPackaged) {
    app.setUserTasks(
      screens.map((screen) => ({
        program: process.execPath,
        arguments: `${deepLinkScheme}://${screen}`,
        iconPath: process.execPath,
        iconIndex: 0,
        title: label(`nav.${screen}`, language),
        description: label(`nav.${screen}`, language),
      })),
    )
  }
}
