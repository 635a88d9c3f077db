import type { MenuItemConstructorOptions } from 'electron'
import { type Label, label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'

/** Electron's menu roles for which we have our own names. */
type Role =
  Extract<`menu.${NonNullable<MenuItemConstructorOptions['role']>}`, Label> extends `menu.${infer Name}` ? Name : never

/** The application menu: the system's commands in the user's language. */
export function applicationMenu(language: Language, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const item = (role: Role): MenuItemConstructorOptions => ({ role, label: label(`menu.${role}`, language) })
  const separator = { type: 'separator' } as const
  const isMac = platform === 'darwin'

  const appMenu: MenuItemConstructorOptions = {
    label: label('app.name', language),
    submenu: [
      item('about'),
      separator,
      item('services'),
      separator,
      item('hide'),
      item('hideOthers'),
      item('unhide'),
      separator,
      item('quit'),
    ],
  }
  return [
    isMac ? appMenu : { label: label('menu.file', language), submenu: [item('quit')] },
    {
      label: label('menu.edit', language),
      submenu: [item('undo'), item('redo'), separator, item('cut'), item('copy'), item('paste'), item('selectAll')],
    },
    {
      label: label('menu.view', language),
      submenu: [
        item('reload'),
        separator,
        item('resetZoom'),
        item('zoomIn'),
        item('zoomOut'),
        separator,
        item('togglefullscreen'),
      ],
    },
    {
      label: label('menu.window', language),
      submenu: isMac ? [item('minimize'), item('zoom'), separator, item('front')] : [item('minimize'), item('close')],
    },
  ]
}
