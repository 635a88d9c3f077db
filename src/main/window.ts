import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme } from 'electron'
import type Store from 'electron-store'
import type { SettingsFile } from '../core/host/settings.ts'
import { pageUrl } from './page-origin.ts'

/** The page's surface and secondary text colour per theme; the window frame uses the same colours. */
const colors = {
  light: { surface: '#fffefc', ink: '#524e47' },
  dark: { surface: '#1e1d1a', ink: '#bdb8ad' },
}
const currentColors = () => (nativeTheme.shouldUseDarkColors ? colors.dark : colors.light)
/** One pixel less than the page's title bar, so that its bottom border stays visible. */
const overlayHeight = 51

/** Opens the window with the page, in its last size. */
export function openWindow(file: Store<SettingsFile>, preload: string, platform = process.platform): BrowserWindow {
  const { surface } = currentColors()
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...file.get('window'),
    minWidth: 960,
    minHeight: 640,
    title: 'Carat Companion',
    backgroundColor: surface,
    show: false,
    ...frame(platform),
    webPreferences: { preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false },
  })
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    const { width, height } = window.getNormalBounds()
    file.set('window', { width, height })
  })
  const recolor = () => {
    window.setBackgroundColor(currentColors().surface)
    if (platform === 'win32') window.setTitleBarOverlay(overlay())
  }
  nativeTheme.on('updated', recolor)
  window.once('closed', () => nativeTheme.off('updated', recolor))
  window.loadURL(pageUrl)
  return window
}

function frame(platform: NodeJS.Platform): BrowserWindowConstructorOptions {
  if (platform === 'darwin') return { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 16, y: 20 } }
  if (platform === 'win32') return { titleBarStyle: 'hidden', titleBarOverlay: overlay() }
  return {}
}

function overlay() {
  const { surface, ink } = currentColors()
  return { height: overlayHeight, color: surface, symbolColor: ink }
}
