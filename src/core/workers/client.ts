import type { Worker, WorkerOptions } from 'node:worker_threads'
import type { Envelope, MediaRef } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import type { CoreEvent, CoreEventBody } from '../../shared/events.ts'
import { type RouteName, routes } from '../../shared/routes.ts'
import type { CoreOptions } from '../host/options.ts'
import type { MediaFile } from '../media/media.ts'
import type { Log, Secrets, SettingsStore } from '../ports.ts'
import { dispatchSettings } from './host-routes.ts'
import type { Host, ReaderWorker, WriterWorker } from './protocol.ts'
import { supervise } from './supervisor.ts'

const gigabyte = 1_000_000_000

/** On a machine with much memory V8 collects late: a sync then holds 1.5 times as much. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1_024 }

/** Creates a worker thread from writer.ts or reader.ts. A bundle and a checkout locate these files differently. */
export type WorkerFactory = (options: WorkerOptions) => Worker

export interface CoreParts {
  createWriter: WorkerFactory
  createReader: WorkerFactory
  options: CoreOptions
  settings: SettingsStore
  secrets: Secrets
  log: Log
}

/** The core as a host sees it. Two worker threads do everything except the settings file. */
export interface CoreClient {
  /** Never rejects. */
  request(route: string, input: unknown): Promise<Envelope<unknown>>
  subscribe(listener: (event: CoreEvent) => void): () => void
  /** Call when the window gets focus or the machine wakes up: syncs soon. */
  wake(): void
  /** A stored or fetched result; null if it cannot be had or the signal aborted. Never rejects. */
  media(ref: MediaRef, signal: AbortSignal): Promise<MediaFile | null>
  close(): Promise<void>
}

/** Starts the writer, which creates and migrates the database, then the reader. Rejects with the `AppError` of a failed open. */
export async function startCore(parts: CoreParts): Promise<CoreClient> {
  const { settings, secrets, log } = parts
  const options = {
    ...parts.options,
    clockOffset: new SharedArrayBuffer(8),
    cacheLimit: new SharedArrayBuffer(8),
  }
  const cacheLimit = new Float64Array(options.cacheLimit)
  cacheLimit[0] = settings.get().cacheLimit * gigabyte
  const listeners = new Set<(event: CoreEvent) => void>()
  let sequence = 0
  const publish = (body: CoreEventBody) => {
    const event = { ...body, sequence: ++sequence }
    for (const listener of listeners) listener(event)
  }
  const host: Host = {
    publish,
    accessToken: () => secrets.accessToken(),
    refresh: () => secrets.refresh(),
    info: (event, fields) => log.info(event, fields),
    warn: (event, fields) => log.warn(event, fields),
  }
  const writer = await supervise<WriterWorker>(
    () => parts.createWriter({ name: 'writer', resourceLimits }),
    options,
    host,
  )
  const reader = await supervise<ReaderWorker>(
    () => parts.createReader({ name: 'reader', resourceLimits }),
    options,
    host,
  ).catch(async (error) => {
    await writer.close()
    throw error
  })

  function limitCache(): void {
    cacheLimit[0] = settings.get().cacheLimit * gigabyte
    const told = reader.current().then((worker) => worker.trimCache())
    told.catch(() => {})
  }

  async function answer(route: string, input: unknown): Promise<Envelope<unknown>> {
    if (route === 'settings.get' || route === 'settings.set') {
      const envelope = dispatchSettings(route, input, settings, publish)
      if (route === 'settings.set') limitCache()
      return envelope
    }
    const mode = Object.hasOwn(routes, route) ? routes[route as RouteName].mode : 'query'
    const worker = await (mode === 'command' ? writer : reader).current()
    return worker.dispatch(route, input)
  }

  return {
    request: (route, input) =>
      answer(route, input).catch((error) => {
        if (error instanceof AppError) return { ok: false, error: error.toView() }
        log.warn('request_failed', { error: String(error) })
        return { ok: false, error: { code: 'internal', params: {} } }
      }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake() {
      const told = writer.current().then((worker) => worker.wake())
      told.catch(() => {})
    },
    media: (ref, signal) =>
      reader
        .current()
        .then((worker) => worker.media(ref, signal))
        .catch(() => null),
    async close() {
      await Promise.all([reader.close(), writer.close()])
    },
  }
}
