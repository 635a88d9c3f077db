import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { app, screen } from 'electron'
import { diagnosticsReport } from '../core/host/diagnostics.ts'
import type { CoreClient } from '../core/workers/client.ts'
import type { Settings } from '../shared/settings.ts'
import type { Diagnostics, SyncState } from '../shared/views.ts'

export interface DiagnosticsParts {
  dataDir: string
  core(): Promise<Pick<CoreClient, 'request'> | null>
  settings(): Settings
}

/** The report that Help saves. It is complete as far as the core answers. */
export async function readDiagnostics({ dataDir, core, settings }: DiagnosticsParts): Promise<string> {
  const client = await core()
  const ask = async <T>(route: string) => {
    const answer = await client?.request(route, {})
    return answer?.ok ? (answer.data as T) : null
  }
  const logs = app.getPath('logs')
  return diagnosticsReport({
    at: Date.now(),
    program: {
      version: app.getVersion(),
      packaged: app.isPackaged,
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      node: process.versions.node,
      system: `${process.platform} ${process.getSystemVersion()} ${process.arch}`,
      locale: app.getLocale(),
      displays: screen
        .getAllDisplays()
        .map(({ size, scaleFactor }) => `${size.width}×${size.height}@${scaleFactor}`)
        .join(' '),
      freeBytes: await statfs(dataDir).then(({ bavail, bsize }) => bavail * bsize),
    },
    settings: settings(),
    sync: await ask<SyncState>('sync.state'),
    database: await ask<Diagnostics>('app.diagnostics'),
    log: [...linesOf(join(logs, 'main.old.log')), ...linesOf(join(logs, 'main.log'))],
  })
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
