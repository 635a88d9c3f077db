import type { WindowState } from '../core/host/settings.ts'

export interface Area {
  x: number
  y: number
  width: number
  height: number
}

/** The smallest window in which every screen is usable. */
const least = { width: 640, height: 472 }
const usual = { width: 1280, height: 800 }

export interface WindowBounds {
  width: number
  height: number
  minWidth: number
  minHeight: number
  /** Both or none: Electron centres a window without a place. */
  x?: number
  y?: number
}

/**
 * The bounds of a new window in pixels of the system. They lie within the work area of the display that holds the saved
 * place: a display may be gone, smaller, or scaled up since then.
 */
export function windowBounds(saved: WindowState | undefined, workArea: Area): WindowBounds {
  const minWidth = Math.min(least.width, workArea.width)
  const minHeight = Math.min(least.height, workArea.height)
  const width = within(saved?.width ?? usual.width, minWidth, workArea.width)
  const height = within(saved?.height ?? usual.height, minHeight, workArea.height)
  const size = { width, height, minWidth, minHeight }
  if (saved?.x === undefined || saved.y === undefined) return size
  const x = within(saved.x, workArea.x, workArea.x + workArea.width - width)
  const y = within(saved.y, workArea.y, workArea.y + workArea.height - height)
  return { ...size, x, y }
}

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))
