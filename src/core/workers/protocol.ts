import type { Envelope, MediaRef } from '../../shared/bridge.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import type { CoreOptions } from '../host/options.ts'
import type { MediaFile } from '../media/media.ts'
import type { Log, Secrets } from '../ports.ts'

/** What a thread needs to know. Shared numbers: the clock's correction, since only the writer hears the service, and the cache's limit in bytes. */
export interface ThreadOptions extends CoreOptions {
  clockOffset: SharedArrayBuffer
  cacheLimit: SharedArrayBuffer
}

/** What both worker threads answer. All values cross by structured clone. */
export interface CoreWorker {
  /** Called once, before anything else. Throws the `AppError` that says why the data folder cannot be used. */
  open(options: ThreadOptions): Promise<void>
  dispatch(route: string, input: unknown): Promise<Envelope<unknown>>
  close(): Promise<void>
}

/** Syncs, and owns every write. */
export interface WriterWorker extends CoreWorker {
  wake(): Promise<void>
}

/** Answers the queries of the screen, and owns the media cache. */
export interface ReaderWorker extends CoreWorker {
  media(ref: MediaRef, signal: AbortSignal): Promise<MediaFile | null>
  /** The limit of the cache has changed. */
  trimCache(): Promise<void>
}

/** What the host's thread answers to both. The access token lives there and nowhere else. */
export interface Host extends Secrets, Log {
  publish(event: CoreEventBody): void
}
