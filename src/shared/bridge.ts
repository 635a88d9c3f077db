import type { ErrorView } from './errors.ts'
import type { CoreEvent } from './events.ts'
import type { RouteInput, RouteName, RouteOutput } from './routes.ts'
import type { MediaSize, TileSize } from './values.ts'

/** The answer to every request. Nothing is thrown over the wire. */
export type Envelope<T> = { ok: true; data: T } | { ok: false; error: ErrorView }

/** Everything that the page can do. The preload script and the browser host's page client each expose exactly this. */
export interface Bridge {
  /** The host of the page: it only decides how outbound links open. */
  readonly host: 'electron' | 'browser'
  request<R extends RouteName>(route: R, input: RouteInput<R>): Promise<Envelope<RouteOutput<R>>>
  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: CoreEvent) => void): () => void
  /** The address of a result's picture, by result id and never by path. Valid for this page only. */
  mediaUrl(media: MediaRef): string
}

/** A stored result, named by ids only. */
export interface MediaRef {
  /** The account of a record in a view of all accounts; by default the shown account. */
  account?: string | undefined
  agent: string
  jobId: string
  resultId: string
  size: MediaSize
}

/** A file as its source has it: no tile picture, which this app makes. */
export type SourceRef = MediaRef & { size: Exclude<MediaSize, TileSize> }
