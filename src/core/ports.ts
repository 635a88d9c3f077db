/** The interfaces that a host implements and passes to `createCore`. */
import type { Settings } from '../shared/views.ts'

export interface Clock {
  /** Epoch milliseconds, corrected by the service's clock unless `CARAT_NOW` fixes the clock. */
  now(): number
  /** Whether `CARAT_NOW` fixes the clock. */
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

/** The store of the access token. The core never writes the token anywhere else. */
export interface Secrets {
  accessToken(): Promise<string | null>
  /** Called once after a 401: returns a new access token, or null if none is available. */
  refresh(): Promise<string | null>
}

export interface Log {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void
  warn(event: string, fields?: Record<string, string | number | boolean | null>): void
}
