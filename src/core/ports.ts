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

/** The access token of the service. The core never writes it anywhere else. */
export interface Secrets {
  accessToken(): Promise<string | null>
  /** Called once after a 401: returns a new access token, or null if none is available. Throws `sign_in_ended` or `sign_in_elsewhere`. */
  refresh(): Promise<string | null>
  /** Whose sign-in it is; null if that is not known. */
  account(): Promise<{ id: string; signInMethod: string } | null>
}

export interface Log {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void
  warn(event: string, fields?: Record<string, string | number | boolean | null>): void
}
