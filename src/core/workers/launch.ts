import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type Conf from 'conf'
import links from '../../../resources/links.json' with { type: 'json' }
import { AppError } from '../../shared/errors.ts'
import type { CoreEvent } from '../../shared/events.ts'
import type { AccountItem } from '../../shared/import-views.ts'
import type { Recovered } from '../../shared/views.ts'
import type { DesktopActions } from '../host/desktop-actions.ts'
import type { ExportDelivery } from '../host/exporter.ts'
import { fixedToken } from '../host/secrets.ts'
import { createServiceConnection } from '../host/service-connection.ts'
import type { SettingsFile } from '../host/settings.ts'
import type { StartOptions } from '../host/start-options.ts'
import type { TokenStore } from '../host/tokens.ts'
import type { WorkFolder } from '../host/work-folder.ts'
import type { Log, SettingsStore } from '../ports.ts'
import type { Account } from '../service/schemas.ts'
import { prepareDataFolder } from '../store/file/data-folder.ts'
import { explainStoreError } from '../store/file/errors.ts'
import { type CoreClient, type CoreParts, startCore } from './client.ts'
import { connectPeer } from './peer.ts'
import type { WriterWorker } from './protocol.ts'
import type { WorkerFactory } from './threads.ts'

const closeLimitMs = 500

export interface LaunchParts {
  options: StartOptions
  work: WorkFolder
  version: string
  createWriter: WorkerFactory
  createReader: WorkerFactory
  /** Creates the thread of the sandbox. */
  createSandbox: WorkerFactory
  settings: SettingsStore
  /** The settings file, which also holds the address of the connected service. */
  file: Conf<SettingsFile>
  /** The sign-in at the connected service, and at that of `--api` if `CARAT_TOKEN` is not set. */
  tokens: TokenStore
  /** Opens the address of a sign-in in the system's browser; without it the page does. */
  openAddress?(address: string): Promise<void>
  log: Log
  onEvent?: CoreParts['onEvent']
  delivery: ExportDelivery
  desktop?: DesktopActions
  /** Starts the host anew on its data folder, which can be written to again. Called for a folder shown from a copy. */
  startAnew(): Promise<void>
  /** The proxy of the system for a service; see `CoreOptions`. */
  proxyFor?(api: string): Promise<string | null>
}

/** The core of a host, which can change its service while it runs. */
export interface HostCore extends Omit<CoreClient, 'setProxy' | 'readAccount'> {
  /** Call when the system's proxy may have changed. */
  renewProxy(): Promise<void>
}

type SandboxMessage = { type: 'ready'; url: string; token: string } | { type: 'failed'; error: string; code: string }

/**
 * Starts the core for either host: on the service of `--api`, on the one that the user connected, or on the sandbox. Rejects
 * with an `AppError`.
 */
export async function launchCore(parts: LaunchParts): Promise<HostCore> {
  const { options, work, file, tokens, log } = parts
  const listeners = new Set(parts.onEvent && [parts.onEvent])
  const publish = (event: CoreEvent) => {
    for (const listener of listeners) listener(event)
  }
  const proxyFor = async (address: string) => (await parts.proxyFor?.(address)) ?? null
  const connection = createServiceConnection({
    options,
    readOnly: work.readOnly,
    file,
    tokens,
    log,
    proxyFor,
    readAccount: async (service) => (await current).readAccount(service),
    restart,
    openAddress: parts.openAddress,
  })

  async function launchOn(address: string | null, account: Account | null): Promise<CoreClient> {
    const { createSandbox, createWriter, createReader, version, settings, delivery, desktop } = parts
    const sandbox = address === null ? await startSandbox(createSandbox, work, options, log) : null
    try {
      const core = await startCore({
        createWriter,
        createReader,
        options: {
          dataDir: options.dataDir,
          workDir: work.workDir,
          readOnly: work.readOnly,
          api: sandbox?.url ?? (address as string),
          sandbox: sandbox !== null,
          account,
          version,
          platform: process.platform,
          links,
          fixedNow: options.fixedNow,
          proxy: address && (await proxyFor(address)),
        },
        settings,
        secrets: sandbox?.secrets ?? connection.secretsFor(address as string),
        log,
        onEvent: publish,
        delivery,
        desktop,
        connection,
        recover,
        listBackups: () => inOwnThread(parts.createWriter, (thread) => thread.listBackups(options.dataDir)),
        retryFolder,
        deleteAccount,
      })
      return {
        ...core,
        async close() {
          await core.close()
          await sandbox?.close()
        },
      }
    } catch (error) {
      await sandbox?.close()
      throw error
    }
  }

  /** Replaces the core; requests wait for the new one. If it does not start, the earlier one is started again. */
  async function restart(next: string | null, account: Account | null): Promise<void> {
    const before = await current
    let failure: unknown = null
    const relaunch = async () => {
      await before.close()
      return launchOn(next, account).catch((error) => {
        failure = error
        return launchOn(connection.api(), null)
      })
    }
    current = relaunch()
    await current
    if (failure) throw failure
  }

  /** Runs work of the writer on a thread of its own, while no core has the database open. Requests wait for the new core. */
  async function whileClosed<T>(work: (thread: WriterWorker, now: number) => Promise<T>): Promise<T> {
    const before = await current
    const done = Promise.withResolvers<T>()
    // Returned below, after the new core has started.
    done.promise.catch(() => {})
    const relaunch = async () => {
      await before.close()
      const now = options.fixedNow ?? Date.now()
      await inOwnThread(parts.createWriter, (thread) => work(thread, now)).then(done.resolve, done.reject)
      return launchOn(connection.api(), null)
    }
    current = relaunch()
    await current
    return done.promise
  }

  async function retryFolder(): Promise<void> {
    if (work.readOnly === null) return
    prepareDataFolder(options.dataDir)
    await parts.startAnew()
  }

  async function recover(name?: string | null): Promise<Recovered> {
    const backup = name && join(options.dataDir, 'backups', name)
    if (backup && !existsSync(backup)) throw new AppError('not_found', { id: name })
    return whileClosed((thread, now) => thread.recover(options.dataDir, now, backup))
  }

  async function deleteAccount(id: string, keepsBackups: boolean): Promise<void> {
    const answer = await (await current).request('accounts.list', {})
    const account = answer.ok ? (answer.data as AccountItem[]).find((found) => found.id === id) : undefined
    // Otherwise the next sync would read the account again.
    if (account?.isSynced && !account.isSample) {
      const { api, isConnected } = await connection.state()
      if (api !== null && !isConnected) throw new AppError('service_connected', { address: api })
      if (isConnected) await connection.disconnect()
    }
    await whileClosed((thread, now) => thread.deleteAccount(options.dataDir, id, keepsBackups, now))
  }

  let current = launchOn(connection.api(), null)
  await current
  return {
    request: (route, input) =>
      current.then((core) => core.request(route, input)).catch(() => ({ ok: false, error: coreStopped.toView() })),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake: () => void current.then((core) => core.wake()).catch(() => {}),
    media: (ref, signal) => current.then((core) => core.media(ref, signal)).catch(() => null),
    original: (ref, signal) => current.then((core) => core.original(ref, signal)).catch(() => null),
    async renewProxy() {
      const api = connection.api()
      if (api !== null) (await current).setProxy(await proxyFor(api))
    },
    async close() {
      await (await current).close()
      work.leave()
    },
  }
}

/** Runs a task of the writer that needs no open database in a thread of its own, which then ends. */
async function inOwnThread<T>(create: WorkerFactory, task: (thread: WriterWorker) => Promise<T>): Promise<T> {
  const worker = create({ name: 'maintenance' })
  const peer = connectPeer<WriterWorker>(worker, {}, () => {})
  worker.on('error', () => {})
  worker.once('exit', peer.stop)
  try {
    return await task(peer.remote)
  } finally {
    await worker.terminate()
  }
}

const coreStopped = new AppError('core_stopped')

async function startSandbox(create: WorkerFactory, { workDir }: WorkFolder, { fixedNow }: StartOptions, log: Log) {
  const worker = create({ name: 'sandbox', workerData: { dir: join(workDir, 'sandbox'), fixedNow } })
  worker.on('error', (error) => log.warn('sandbox_failed', { error: String(error) }))
  const [message] = (await once(worker, 'message')) as [SandboxMessage]
  if (message.type === 'failed') {
    const known = explainStoreError(Object.assign(new Error(message.error), { code: message.code }), workDir)
    if (known instanceof AppError) throw known
    log.warn('sandbox_failed', { error: message.error })
    throw new AppError('internal')
  }
  return {
    url: message.url,
    secrets: fixedToken(message.token),
    async close() {
      const ended = once(worker, 'exit').catch(() => {})
      worker.postMessage('close')
      await Promise.race([ended, wait(closeLimitMs, undefined, { ref: false })])
      await worker.terminate()
    },
  }
}
