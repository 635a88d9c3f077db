import type { MenuItemConstructorOptions } from 'electron'
import { type Label, label } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'

/** Electron's menu roles for which we have our own names. */
type Role =
  Extract<`menu.${NonNullable<MenuItemConstructorOptions['role']>}`, Label> extends `menu.${infer Name}` ? Name : never

export interface MenuActions {
  /** Shows a screen of the page. */
  go(path: string): void
  find(): void
  sync(): void
  zoom(step: -1 | 0 | 1): void
  openLogs(): void
  saveDiagnostics(): void
}

/** The screens of the sidebar, in its order. */
const screens = ['overview', 'library', 'credits', 'refunds', 'help'] as const
const separator = { type: 'separator' } as const

/** The application menu in the user's language, with the items that each system expects. */
export function applicationMenu(
  language: Language,
  platform: NodeJS.Platform,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const name = (key: Label) => label(key, language)
  const item = (role: Role): MenuItemConstructorOptions => ({ role, label: name(`menu.${role}`) })
  const command = (key: Label, click: () => void, accelerator?: string): MenuItemConstructorOptions => ({
    label: name(key),
    click,
    ...(accelerator && { accelerator }),
  })
  /** A second key for a command; the menu shows the first only. */
  const alsoBy = (accelerator: string, click: () => void): MenuItemConstructorOptions => ({
    label: accelerator,
    accelerator,
    click,
    visible: false,
    acceleratorWorksWhenHidden: true,
  })
  const settings = command('menu.settings', () => actions.go('/settings'), 'CommandOrControl+,')
  const zoomIn = () => actions.zoom(1)
  const zoomOut = () => actions.zoom(-1)

  const appMenu: MenuItemConstructorOptions = {
    label: name('app.name'),
    submenu: [
      item('about'),
      separator,
      settings,
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
    ...(isMac ? [appMenu] : []),
    {
      label: name('menu.file'),
      submenu: [
        command('menu.syncNow', actions.sync, 'CommandOrControl+R'),
        command('menu.backup', () => actions.go('/settings')),
        separator,
        ...(isMac ? [item('close')] : [settings, separator, item('quit')]),
      ],
    },
    {
      label: name('menu.edit'),
      submenu: [
        item('undo'),
        item('redo'),
        separator,
        item('cut'),
        item('copy'),
        item('paste'),
        ...(isMac ? [item('pasteAndMatchStyle')] : []),
        item('delete'),
        item('selectAll'),
        separator,
        command('menu.find', actions.find, 'CommandOrControl+F'),
      ],
    },
    {
      label: name('menu.view'),
      submenu: [
        ...screens.map((screen, index) =>
          command(`nav.${screen}`, () => actions.go(`/${screen}`), `CommandOrControl+${index + 1}`),
        ),
        separator,
        command('menu.resetZoom', () => actions.zoom(0), 'CommandOrControl+0'),
        command('menu.zoomIn', zoomIn, 'CommandOrControl+Plus'),
        // The key without Shift on most layouts, and the keys of the number pad.
        alsoBy('CommandOrControl+=', zoomIn),
        alsoBy('CommandOrControl+numadd', zoomIn),
        command('menu.zoomOut', zoomOut, 'CommandOrControl+-'),
        alsoBy('CommandOrControl+numsub', zoomOut),
        separator,
        item('togglefullscreen'),
      ],
    },
    // The role gives macOS its list of windows and its tiling commands.
    {
      role: 'window',
      label: name('menu.window'),
      submenu: isMac ? [item('minimize'), item('zoom'), separator, item('front')] : [item('minimize'), item('close')],
    },
    {
      role: 'help',
      label: name('nav.help'),
      submenu: [
        command('nav.help', () => actions.go('/help')),
        command('nav.support', () => actions.go('/support')),
        separator,
        command('menu.saveDiagnostics', actions.saveDiagnostics),
        command('menu.openLogs', actions.openLogs),
      ],
    },
  ]
}
