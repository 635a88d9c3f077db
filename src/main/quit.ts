import { app, type BrowserWindow } from 'electron'
import type { Log } from '../core/ports.ts'

export interface Quit {
  /** From the first attempt to quit until the process ends. */
  isClosing(): boolean
  /** Windows ends the session without `will-quit`. */
  watch(window: BrowserWindow): void
}

/**
 * Ends the process only after `close`, however often and by whatever it is asked to quit: Electron resets its own state after
 * a quit that was prevented.
 */
export function closeBeforeQuit(close: () => Promise<void>, log: Log): Quit {
  let isEnding = false
  const closed = once(() => close().catch((error) => log.warn('close_failed', { error: String(error) })))
  app.on('will-quit', async (event) => {
    event.preventDefault()
    if (isEnding) return
    isEnding = true
    await closed()
    log.info('closed')
    app.exit()
  })
  return {
    isClosing: () => isEnding,
    watch: (window) => window.on('session-end', () => void closed()),
  }
}

function once<T>(work: () => T): () => T {
  let result: { value: T } | null = null
  return () => {
    result ??= { value: work() }
    return result.value
  }
}
