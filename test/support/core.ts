import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import linkTable from '../../resources/links.json' with { type: 'json' }
import { type Core, createCore } from '../../src/core/core.ts'
import type { ExportDelivery } from '../../src/core/host/exporter.ts'
import { type MediaCache, noCache } from '../../src/core/media/cache.ts'
import type { Clock, Secrets, SettingsStore } from '../../src/core/ports.ts'
import { createService } from '../../src/core/service/client.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { Patience } from '../../src/core/sync/pull.ts'
import { defaultNotifications, type Settings } from '../../src/shared/settings.ts'

/** Makes a temporary folder, which the caller removes. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'carat-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A wall clock that the test moves. Sleeping takes no time and is recorded. */
export interface TestClock extends Clock {
  time: number
  slept: number[]
}

export function testClock(time: number): TestClock {
  return {
    time,
    slept: [],
    now() {
      return this.time
    },
    isFixed: false,
    startRequest() {
      const sentAt = this.time
      return () => sentAt
    },
    async sleep(ms, signal) {
      signal.throwIfAborted()
      this.slept.push(ms)
    },
  }
}

export const quietLog = { info: () => {}, warn: () => {} }
export const testPatience: Patience = { tries: 3, triesUnreachable: 2, maxWaitMs: 60_000 }

/** Exports go to the folder `path`, as if the user had chosen it. */
export const intoFolder = (path: string): ExportDelivery => ({
  choosePath: async (name) => join(path, name),
  downloadUrl: () => null,
})

export interface TestCore<C = TestClock> {
  core: Core
  store: Store
  clock: C
  close(): Promise<void>
}

/** The settings with which a Korean user starts. */
export const firstSettings: Settings = {
  language: 'ko',
  theme: 'system',
  density: 'default',
  libraryView: 'grid',
  cacheLimit: 5,
  runsInBackground: false,
  startsAtLogin: false,
  notifications: defaultNotifications,
  showsBadge: true,
  welcomeDismissed: false,
}

/** The settings with which a user starts, kept in memory only. */
export function memorySettings(): SettingsStore {
  let settings = firstSettings
  return {
    get: () => settings,
    set: (patch) => {
      settings = { ...settings, ...patch }
      return settings
    },
  }
}

/**
 * The whole core in this process, on a real file and a real server. The token is fixed unless `secrets` are given; with
 * `sandbox` the server stands for the sandbox.
 */
export function openTestCore<C extends Clock>(
  dataDir: string,
  service: { url: string; token: string; secrets?: Secrets },
  clock: C,
  cache: Pick<MediaCache, 'usage' | 'clear'> = noCache,
  sandbox = false,
): TestCore<C> {
  const store = openStore(dataDir)
  const core = createCore({
    store,
    cache,
    clock,
    log: quietLog,
    links: linkTable,
    info: { version: '0.0.0', dataDir, readOnly: null, sandbox, api: service.url, platform: 'linux' },
    service: createService({
      api: service.url,
      clock,
      secrets: service.secrets ?? {
        accessToken: async () => service.token,
        refresh: async () => null,
        account: async () => null,
      },
    }),
    settings: memorySettings(),
    delivery: intoFolder(dataDir),
    random: () => 0.5,
  })
  return {
    core,
    store,
    clock,
    async close() {
      await core.close()
      store.close()
    },
  }
}
