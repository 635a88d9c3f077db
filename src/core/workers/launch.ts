import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import links from '../../../resources/links.json' with { type: 'json' }
import { AppError } from '../../shared/errors.ts'
import type { DesktopActions } from '../host/desktop-actions.ts'
import type { ExportDelivery } from '../host/exporter.ts'
import type { StartOptions } from '../host/start-options.ts'
import type { Log, Secrets, SettingsStore } from '../ports.ts'
import { type CoreClient, type CoreParts, startCore, type WorkerFactory } from './client.ts'

const closeLimitMs = 500

export interface LaunchParts {
  options: StartOptions
  version: string
  createWriter: WorkerFactory
  createReader: WorkerFactory
  /** Creates the thread of the sandbox. */
  createSandbox: WorkerFactory
  settings: SettingsStore
  /** Source of the access token for `options.api`; the sandbox has its own. */
  secrets: Secrets
  log: Log
  onEvent?: CoreParts['onEvent']
  delivery: ExportDelivery
  desktop?: DesktopActions
  /** The proxy of the system for the service; see `CoreOptions`. */
  proxy?: string | null
}

type SandboxMessage = { type: 'ready'; url: string; token: string } | { type: 'failed'; error: string }

/** Starts the core for either host, on the service of `--api` or on the sandbox. Rejects with an `AppError`. */
export async function launchCore(parts: LaunchParts): Promise<CoreClient> {
  const { options, version, createWriter, createReader, settings, log } = parts
  const sandbox = options.api === null ? await startSandbox(parts.createSandbox, options, log) : null
  try {
    const core = await startCore({
      createWriter,
      createReader,
      options: {
        dataDir: options.dataDir,
        api: sandbox?.url ?? (options.api as string),
        sandbox: sandbox !== null,
        version,
        platform: process.platform,
        links,
        fixedNow: options.fixedNow,
        proxy: parts.proxy ?? null,
      },
      settings,
      secrets: sandbox?.secrets ?? parts.secrets,
      log,
      onEvent: parts.onEvent,
      delivery: parts.delivery,
      desktop: parts.desktop,
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

/** A token from outside, which cannot be refreshed. */
export function fixedToken(token: string | null): Secrets {
  return { accessToken: async () => token, refresh: async () => null }
}

async function startSandbox(create: WorkerFactory, { dataDir, fixedNow }: StartOptions, log: Log) {
  const worker = create({ name: 'sandbox', workerData: { dir: join(dataDir, 'sandbox'), fixedNow } })
  worker.on('error', (error) => log.warn('sandbox_failed', { error: String(error) }))
  const [message] = (await once(worker, 'message')) as [SandboxMessage]
  if (message.type === 'failed') {
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
