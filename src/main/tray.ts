import { Menu, Tray } from 'electron'
import { label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'

export interface TrayActions {
  show(): void
  quit(): void
}

/** Creates the tray icon. Returns a function that sets the language of its menu. */
export function createTray(iconPath: string, actions: TrayActions): (language: Language) => void {
  const tray = new Tray(iconPath)
  tray.on('click', actions.show)
  return (language) => {
    tray.setToolTip(label('app.name', language))
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: label('menu.show', language), click: actions.show },
        { label: label('menu.quit', language), click: actions.quit },
      ]),
    )
  }
}
