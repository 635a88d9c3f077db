import { Worker, type WorkerOptions } from 'node:worker_threads'
import links from '../../resources/links.json' with { type: 'json' }
import type { SettingsStore } from '../../src/core/ports.ts'
import { type CoreClient, startCore, type WorkerFactory } from '../../src/core/workers/client.ts'
import { fixedToken } from '../../src/core/workers/launch.ts'
import type { Settings, SyncState } from '../../src/shared/views.ts'
import { quietLog } from './core.ts'

const thread = (name: 'writer' | 'reader') => (options: WorkerOptions) =>
  new Worker(new URL(`../../src/core/workers/${name}.ts`, import.meta.url), options)

/** The threads of the core, straight from the sources. */
export const createWriter = thread('writer')
export const createReader = thread('reader')

export interface WorkerCore {
  core: CoreClient
  /** Every thread that was started, in order: a test can end one. */
  writers: Worker[]
  readers: Worker[]
}

/** The core in its two threads, as the hosts run it. Rejects as `startCore` does. */
export async function startWorkerCore(
  dataDir: string,
  service: { url: string; token: string },
  fixedNow: number | null = null,
  startReader: WorkerFactory = createReader,
): Promise<WorkerCore> {
  const writers: Worker[] = []
  const readers: Worker[] = []
  const core = await startCore({
    createWriter: (options) => kept(createWriter(options), writers),
    createReader: (options) => kept(startReader(options), readers),
    options: { dataDir, api: service.url, sandbox: false, version: '0.0.0', platform: 'linux', links, fixedNow },
    settings: memorySettings(),
    secrets: fixedToken(service.token),
    log: quietLog,
  })
  return { core, writers, readers }
}

function kept(worker: Worker, list: Worker[]): Worker {
  list.push(worker)
  return worker
}

function memorySettings(): SettingsStore {
  let settings: Settings = { language: 'ko', theme: 'system', density: 'default', libraryView: 'grid', cacheLimit: 5 }
  return {
    get: () => settings,
    set: (patch) => {
      settings = { ...settings, ...patch }
      return settings
    },
  }
}

/** Waits until every stream has been read whole. */
export function synced({ core }: WorkerCore): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => {
      const state = await core.request('sync.state', {})
      if (!state.ok || (state.data as SyncState).lastSuccessAt === null) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = core.subscribe(look)
    look()
  })
}
