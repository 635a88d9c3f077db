import { Menu, Tray } from 'electron'
import { label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'

export interface TrayActions {
  show(): void
  sync(): void
  quit(): void
}

/** Returns a function that shows the tray icon with its menu in a language, or removes the icon for null. */
export function createTray(
  iconPath: string,
  actions: TrayActions,
  platform = process.platform,
): (language: Language | null) => void {
  let tray: Tray | null = null
  return (language) => {
    if (language === null) {
      tray?.destroy()
      tray = null
      return
    }
    if (tray === null) {
      tray = new Tray(iconPath)
      // On macOS a click opens the menu, and the event comes before it.
      if (platform !== 'darwin') tray.on('click', actions.show)
    }
    tray.setToolTip(label('app.name', language))
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: label('menu.show', language), click: actions.show },
        { label: label('menu.syncNow', language), click: actions.sync },
        { type: 'separator' },
        { label: label('menu.quit', language), click: actions.quit },
      ]),
    )
  }
}
