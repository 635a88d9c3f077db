import type { Envelope, MediaRef } from '../../shared/bridge.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { CoreOptions } from '../host/options.ts'
import type { MediaFile } from '../media/media.ts'
import type { Log, Secrets } from '../ports.ts'

/** The options of a thread. Shared numbers: the clock's correction, which only the writer learns from the service, and the cache limit in bytes. */
export interface ThreadOptions extends CoreOptions {
  clockOffset: SharedArrayBuffer
  cacheLimit: SharedArrayBuffer
}

/** The calls that both worker threads answer. Values cross by structured clone. */
export interface CoreWorker {
  /** Called once, before any other call. Throws an `AppError` if the data folder cannot be used. */
  open(options: ThreadOptions): Promise<void>
  dispatch(route: string, input: unknown): Promise<Envelope<unknown>>
  close(): Promise<void>
}

/** Syncs, and owns every write. */
export interface WriterWorker extends CoreWorker {
  wake(): Promise<void>
}

/** Answers the queries of the page and owns the media cache. */
export interface ReaderWorker extends CoreWorker {
  media(ref: MediaRef, signal: AbortSignal): Promise<MediaFile | null>
  /** Call after the cache limit changed. */
  trimCache(): Promise<void>
}

/** The calls that the host's thread answers. Only that thread holds the access token. */
export interface Host extends Secrets, Log {
  publish(event: CoreEventBody): void
}
