import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../core/ports.ts'

const sizeLimit = 1_000_000

export interface MainLog extends Log {
  /** Writes all further lines to `main.log` in the folder as well; at one megabyte it becomes `main.old.log`. */
  keepIn(folder: string): void
}

/** The log of the main process. Warnings also go to standard error, which a packaged app on Windows does not have. */
export function createLog(): MainLog {
  let path: string | null = null
  const write = (level: string, event: string, fields: object) => {
    if (path === null) return
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > sizeLimit) {
        renameSync(path, path.replace(/\.log$/, '.old.log'))
      }
      appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`)
    } catch {
      // A full disk or a locked file costs the line, not the app.
    }
  }
  return {
    info: (event, fields = {}) => write('info', event, fields),
    warn(event, fields = {}) {
      console.error(`carat: ${event}`, JSON.stringify(fields))
      write('warn', event, fields)
    },
    keepIn(folder) {
      mkdirSync(folder, { recursive: true })
      path = join(folder, 'main.log')
    },
  }
}
