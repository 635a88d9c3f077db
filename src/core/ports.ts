/** What the core takes from its host. Ports are arguments of `createCore`; nothing here is swapped by a bundler. */
import type { Settings } from '../shared/views.ts'

export interface Clock {
  /** Epoch milliseconds, corrected by the service's clock unless the wall clock was fixed from outside. */
  now(): number
  /** Whether the wall clock was fixed from outside and stands still. */
  isFixed: boolean
  /**
   * Call when a request is sent. The returned function takes the `Date` of the response and gives the time of the request,
   * never later than our corrected clock or the service's. With `mayCorrect`, the response may help to correct our clock.
   */
  startRequest(path: string): (serverDate: number | null, mayCorrect: boolean) => number
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface SettingsStore {
  get(): Settings
  set(patch: Partial<Settings>): Settings
}

/** Where the access token lives. The core never writes it anywhere else. */
export interface Secrets {
  accessToken(): Promise<string | null>
  /** Called once after a 401: a new access token, or null where there is none to be had. */
  refresh(): Promise<string | null>
}

export interface Log {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void
  warn(event: string, fields?: Record<string, string | number | boolean | null>): void
}
