import { type BrowserWindow, type Input, Menu } from 'electron'

/** Where the menu opens: below the title bar of the page. */
const place = { x: 8, y: 52 }

/** Opens the application menu, which a window without the system's title bar does not show. */
export function popUpMenu(window: BrowserWindow): void {
  Menu.getApplicationMenu()?.popup({ window, ...place })
}

/** Opens the menu on Windows when the Alt key is pressed and released alone, or F10, as programs there do. */
export function openMenuByKey(window: BrowserWindow, platform = process.platform): void {
  if (platform !== 'win32') return
  let isAlone = false
  window.webContents.on('before-input-event', (_, { type, key, control, shift, meta }: Input) => {
    if (type === 'keyDown') isAlone = key === 'Alt' && !control && !shift && !meta
    const isF10 = type === 'keyDown' && key === 'F10' && !control && !shift && !meta
    if (isF10 || (type === 'keyUp' && key === 'Alt' && isAlone)) popUpMenu(window)
  })
}
