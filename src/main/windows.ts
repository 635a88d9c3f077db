import { BrowserWindow } from 'electron'
import type { Quit } from './quit.ts'
import { goTo, openWindow, type WindowParts } from './window.ts'

export interface WindowsParts extends Pick<WindowParts, 'file' | 'preload' | 'log' | 'staysOpen'> {
  quit: Quit
  /** Called with each new window before it is shown. */
  onOpen(window: BrowserWindow): void
}

export interface Windows {
  all(): BrowserWindow[]
  /** Opens the window at a path of the page; null for its first screen. */
  open(path: string | null, isHidden?: boolean): void
  /** Shows the window, with another screen if a path is given. */
  show(path?: string | null): void
  /** Returns a command for the window in front, or for the only one. */
  command(act: (window: BrowserWindow) => void): () => void
}

/** The app has one window at most, which it opens again when it is asked to show itself. */
export function createWindows({ quit, onOpen, ...parts }: WindowsParts): Windows {
  const all = () => BrowserWindow.getAllWindows()

  function open(path: string | null, isHidden = false): void {
    const window = openWindow({ ...parts, path, isHidden })
    onOpen(window)
    quit.watch(window)
  }

  return {
    all,
    open,
    show(path = null) {
      if (quit.isClosing()) return
      const [window] = all()
      if (!window) return open(path)
      if (path) goTo(window, path)
      // Before its first paint it would be an empty frame; `ready-to-show` shows it.
      if (window.webContents.isLoadingMainFrame() && !window.isVisible()) return
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    command: (act) => () => {
      const window = BrowserWindow.getFocusedWindow() ?? all()[0]
      if (window) act(window)
    },
  }
}
