import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen } from 'electron'
import type Store from 'electron-store'
import type { SettingsFile } from '../core/host/settings.ts'
import type { Log } from '../core/ports.ts'
import { openMenuByKey } from './hidden-menu.ts'
import { pageUrl } from './page-origin.ts'
import { windowBounds } from './window-state.ts'

/** The page's surface and secondary text colour per theme; the window frame uses the same colours. */
const colors = {
  light: { surface: '#fffefc', ink: '#524e47' },
  dark: { surface: '#1e1d1a', ink: '#bdb8ad' },
}
const currentColors = () => (nativeTheme.shouldUseDarkColors ? colors.dark : colors.light)
/** One pixel less than the page's title bar, so that its bottom border stays visible. */
const overlayHeight = 51
/** The place of macOS's buttons in a title bar of the page, by default zoom. */
const buttons = { x: 16, y: 20 }
const zoomFactors = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2]

export interface WindowParts {
  file: Store<SettingsFile>
  preload: string
  log: Log
  /** The path of the page to start with; its first screen by default. */
  path?: string | null
  /** Leaves the window hidden, in the tray. */
  isHidden?: boolean
  /** Whether closing only hides the window; asked at each attempt. */
  staysOpen(): boolean
  platform?: NodeJS.Platform
}

/** Opens the window with the page, at its last place and in its last size. */
export function openWindow(parts: WindowParts): BrowserWindow {
  const { file, preload, log, path, staysOpen, isHidden = false, platform = process.platform } = parts
  const saved = file.get('window')
  const display =
    saved?.x === undefined || saved.y === undefined
      ? screen.getPrimaryDisplay()
      : screen.getDisplayMatching({ width: saved.width, height: saved.height, x: saved.x, y: saved.y })
  const zoom = file.get('zoom') ?? 1
  const window = new BrowserWindow({
    ...windowBounds(saved, display.workArea),
    title: 'Carat Companion',
    backgroundColor: currentColors().surface,
    show: false,
    ...frame(platform, zoom),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // The spelling check of Windows and Linux would fetch its dictionary from a server that the app does not name.
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (isHidden) return
    if (saved?.isMaximized) window.maximize()
    window.show()
    if (saved?.isFullScreen) window.setFullScreen(true)
  })
  window.on('close', (event) => {
    saveState(window, file, log)
    if (!staysOpen()) return
    event.preventDefault()
    window.hide()
  })
  window.webContents.on('dom-ready', () => window.webContents.setZoomFactor(file.get('zoom') ?? 1))
  // The buttons of macOS leave in full screen, and so does their space in the page.
  const markFullScreen = () => {
    const mark = `document.documentElement.toggleAttribute('data-full-screen', ${window.isFullScreen()})`
    window.webContents.executeJavaScript(mark).catch(() => {})
  }
  window.on('enter-full-screen', markFullScreen)
  window.on('leave-full-screen', markFullScreen)
  window.webContents.on('dom-ready', markFullScreen)
  openMenuByKey(window, platform)
  const recolor = () => {
    window.setBackgroundColor(currentColors().surface)
    if (platform === 'win32') window.setTitleBarOverlay(overlay(file.get('zoom') ?? 1))
  }
  nativeTheme.on('updated', recolor)
  window.once('closed', () => nativeTheme.off('updated', recolor))
  // A failed load is answered by `did-fail-load`.
  window.loadURL(addressOf(path ?? '')).catch(() => {})
  return window
}

/** Shows another screen of the page without loading it again. */
export function goTo(window: BrowserWindow, path: string): void {
  window.loadURL(addressOf(path)).catch(() => {})
}

const addressOf = (path: string) => (path ? `${pageUrl}#${path}` : pageUrl)

/** Zooms the page one step in or out, or back to its actual size, and remembers the factor. */
export function zoomWindow(window: BrowserWindow, file: Store<SettingsFile>, step: -1 | 0 | 1): void {
  const current = window.webContents.getZoomFactor()
  const next =
    step === 0
      ? 1
      : step > 0
        ? zoomFactors.find((factor) => factor > current + 0.01)
        : zoomFactors.findLast((factor) => factor < current - 0.01)
  if (next === undefined) return
  file.set('zoom', next)
  window.webContents.setZoomFactor(next)
  if (process.platform === 'win32') window.setTitleBarOverlay(overlay(next))
  if (process.platform === 'darwin') window.setWindowButtonPosition(buttonsAt(next))
}

/** A settings file that is locked, read-only or on a full disk costs the place of the window, nothing else. */
function saveState(window: BrowserWindow, file: Store<SettingsFile>, log: Log): void {
  try {
    const isMaximized = window.isMaximized()
    file.set('window', { ...window.getNormalBounds(), isMaximized, isFullScreen: window.isFullScreen() })
  } catch (error) {
    log.warn('window_not_saved', { error: String(error) })
  }
}

function frame(platform: NodeJS.Platform, zoom: number): BrowserWindowConstructorOptions {
  if (platform === 'darwin') return { titleBarStyle: 'hiddenInset', trafficLightPosition: buttonsAt(zoom) }
  if (platform === 'win32') return { titleBarStyle: 'hidden', titleBarOverlay: overlay(zoom) }
  return {}
}

const buttonsAt = (zoom: number) => ({ x: buttons.x, y: Math.round(buttons.y + ((zoom - 1) * overlayHeight) / 2) })

function overlay(zoom: number) {
  const { surface, ink } = currentColors()
  return { height: Math.round(overlayHeight * zoom), color: surface, symbolColor: ink }
}
