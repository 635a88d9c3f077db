import type { NotificationKind } from './notifications.ts'
import type { CacheLimit, Language, Theme } from './values.ts'

export interface Settings {
  language: Language
  theme: Theme
  density: 'default' | 'compact'
  /** How the Library shows its jobs. */
  libraryView: 'grid' | 'list'
  /** The largest size of the media cache in gigabytes. */
  cacheLimit: CacheLimit
  /** Closing the window leaves the app in the tray: it syncs and reminds. Only Electron, and not macOS, where that is usual. */
  runsInBackground: boolean
  /** Only Electron on Windows and macOS. */
  startsAtLogin: boolean
  /** Only Electron, as is `showsBadge`. */
  notifications: NotificationSettings
  /** Whether the app's icon shows how many cases ask for attention. */
  showsBadge: boolean
  /** Whether the user closed the choices with which the app begins on the sample account. */
  welcomeDismissed: boolean
}

export interface NotificationSettings {
  /** The kinds that the user turned off. */
  muted: NotificationKind[]
  /** Full hours of the local day, 0 to 23, from `from` to before `until`; null for no quiet hours. */
  quietHours: { from: number; until: number } | null
  /** Whether prompts and subjects may appear in notifications. */
  showsText: boolean
}

export const defaultNotifications: NotificationSettings = { muted: [], quietHours: null, showsText: false }

/** Where an access token is kept: the key store of the system, or a file that only the user can read. */
export type TokenStorage = 'keyStore' | 'file'

/** The service that the records come from. */
export interface ServiceConnection {
  /** The base address of the service; null while the sandbox answers. */
  api: string | null
  /** Whether the user can connect a service here: not if the app was started with the address of another. */
  canConnect: boolean
  /** Whether the user connected it on the screen, and can end the connection there. */
  isConnected: boolean
  tokenStorage: TokenStorage
  /** The stored sign-in at this service: by the browser, or a token that the user pasted; null for none. */
  kept: 'browser' | 'token' | null
  /** Whether another program has a sign-in of its own in this data folder, which this one cannot read. */
  isElsewhere: boolean
  /** The address at which the user signs in just now; null while no sign-in waits for the browser. */
  signInAddress: string | null
}

/**
 * What became of the sign-ins at the service on signing out; `none` if there was nothing to revoke, `failed` also if only another
 * program could revoke its own.
 */
export type Revocation = 'done' | 'failed' | 'none'
