import { Worker, type WorkerOptions } from 'node:worker_threads'
import links from '../../resources/links.json' with { type: 'json' }
import { fixedConnection } from '../../src/core/host/connection.ts'
import { fixedToken } from '../../src/core/host/secrets.ts'
import { type CoreClient, startCore } from '../../src/core/workers/client.ts'
import type { WorkerFactory } from '../../src/core/workers/threads.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { SyncState } from '../../src/shared/views.ts'
import { intoFolder, memorySettings, quietLog } from './core.ts'

const thread = (name: 'writer' | 'reader') => (options: WorkerOptions) =>
  new Worker(new URL(`../../src/core/workers/${name}.ts`, import.meta.url), options)

/** The threads of the core, run from the sources. */
export const createWriter = thread('writer')
export const createReader = thread('reader')

export interface WorkerCore {
  core: CoreClient
  /** Every started thread in order; a test can end a thread. */
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
    options: {
      dataDir,
      workDir: dataDir,
      readOnly: null,
      api: service.url,
      sandbox: false,
      account: null,
      proxy: null,
      version: '0.0.0',
      platform: 'linux',
      links,
      fixedNow,
    },
    settings: memorySettings(),
    secrets: fixedToken(service.token),
    log: quietLog,
    delivery: intoFolder(dataDir),
    connection: fixedConnection(service.url),
    listBackups: async () => ({ backups: [], unreadable: 0 }),
    recover: async () => {
      throw new Error('Only a launched core recovers')
    },
    retryFolder: async () => {},
    // Only a launched core deletes accounts.
    deleteAccount: async (id) => {
      throw new AppError('account_unknown', { id, accounts: '' })
    },
  })
  return { core, writers, readers }
}

function kept(worker: Worker, list: Worker[]): Worker {
  list.push(worker)
  return worker
}

/** Waits until every stream has been read completely. */
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
