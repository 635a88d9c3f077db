/** The routes about the app on this machine: settings, the state of its work, the cache, exported files. */
import { z } from 'zod'
import type { CredentialsView } from './credentials.ts'
import type { ErrorView } from './errors.ts'
import type * as folders from './folders.ts'
import { notificationKinds } from './notifications.ts'
import { gives, nothing, routesOf } from './route.ts'
import { accountName, agent, backupName, batch, hour, id, result } from './route-inputs.ts'
import type { UpdateState } from './updates.ts'
import { cacheLimits, exportFormats, languages, mediaSizes, themes, tileSizes } from './values.ts'
import type * as views from './views.ts'

const route = routesOf('host')
const serviceAddress = z.string().min(1).max(2_000)

/** The settings that have a single value, for the route and for the file in which they are kept. */
export const settingFields = {
  language: z.enum(languages).optional(),
  theme: z.enum(themes).optional(),
  density: z.enum(['default', 'compact']).optional(),
  libraryView: z.enum(['grid', 'list']).optional(),
  cacheLimit: z.literal(cacheLimits).optional(),
  runsInBackground: z.boolean().optional(),
  startsAtLogin: z.boolean().optional(),
  showsBadge: z.boolean().optional(),
  welcomeDismissed: z.boolean().optional(),
}

export const hostRoutes = {
  /** Opens the menu of the app. Only Electron. */
  'app.menu': route(nothing, gives<null>()),
  /** Opens the data folder again if nothing could be written to it; throws what still keeps the app from writing. */
  'app.retryFolder': route(nothing, gives<null>()),
  /** The update of the app; always off in a browser. */
  'updates.state': route(nothing, gives<UpdateState>()),
  /** Asks for a newer version, and downloads it. Only Electron. */
  'updates.check': route(nothing, gives<UpdateState>()),
  /** Ends the app, installs the downloaded version and starts it. Only Electron. */
  'updates.install': route(nothing, gives<null>()),
  'folders.state': route(nothing, gives<folders.ScannerState>()),
  /** The first files that the last scan of a folder left out. */
  'folders.skipped': route(z.strictObject({ batch }), gives<folders.SkippedFile[]>()),
  /** Asks for a folder with the dialog of the system. Null if the user cancels; `desktop_only` in a browser. */
  'folders.choose': route(nothing, gives<{ path: string } | null>()),
  'service.get': route(nothing, gives<views.ServiceConnection>()),
  'sync.state': route(nothing, gives<views.SyncState>()),
  /** Writes every record, mark and message to one file; CSV contains only the ledger. Null if the user cancelled. */
  'export.write': route(z.strictObject({ format: z.enum(exportFormats) }), gives<views.ExportedFile | null>()),
  /** Ends the exports that are being written. */
  'export.cancel': route(nothing, gives<null>()),
  'settings.get': route(nothing, gives<views.Settings>()),
  'originals.estimate': route(nothing, gives<views.OriginalsEstimate>()),
  'cache.usage': route(nothing, gives<views.CacheUsage>()),
  'cache.clear': route(nothing, gives<views.CacheUsage>()),
  'originals.state': route(nothing, gives<views.OriginalsState>()),
  /** Asks Carat for the current addresses of jobs whose files could not be loaded, because the old ones have lapsed. */
  'media.renew': route(
    z.strictObject({
      jobs: z
        .array(z.strictObject({ agent, jobId: id }))
        .min(1)
        .max(8),
    }),
    gives<views.RenewalView[]>(),
  ),
  /** Stops loading a file that is no longer shown: Electron does not tell when a page drops a request. */
  'media.cancel': route(result.extend({ size: z.enum(mediaSizes) }), gives<null>()),
  /** Keeps the tile picture that the page made of a picture, base64 of WebP; false if there is no cache for it. */
  'media.keepTile': route(
    result.extend({ size: z.enum(tileSizes), data: z.base64().max(700_000) }),
    gives<{ kept: boolean }>(),
  ),
  /** The text of subtitles; null if the file is not available or is of another type. */
  'media.subtitles': route(result, gives<views.SubtitleCue[] | null>()),
  /** What the content credentials of a file of a folder say; null if the file is not available, or the app reads none from its type. */
  'media.credentials': route(result, gives<CredentialsView | null>()),
  /** Shows a backup, a file that was written since the start, or the data folder in the file manager. Only Electron. */
  'files.show': route(
    z.union([
      z.strictObject({ backup: backupName }),
      z.strictObject({ written: z.string().min(1).max(300) }),
      z.strictObject({ folder: z.literal('data') }),
    ]),
    gives<null>(),
  ),
  /** Saves a copy of an original where the user wants it; null if the user cancelled. Only Electron. */
  'files.save': route(result, gives<{ name: string } | null>()),
  /** Saves a report for support without personal text; null if the user cancelled. Only Electron. */
  'files.saveDiagnostics': route(nothing, gives<{ name: string } | null>()),
  /** Begins to drag an original; false if it has to be fetched first. Only Electron. */
  'files.drag': route(result, gives<boolean>()),
  /** Deletes an account with its files and backups; a service that is connected to it is disconnected first. */
  'accounts.delete': route(z.strictObject({ id: accountName, keepsBackups: z.boolean() }), gives<null>()),
  /** How the database was found damaged or lost; null while it is whole. */
  'recovery.state': route(nothing, gives<{ damage: ErrorView | null }>()),
  /** The backups from which a recovery can begin; checks each of them. */
  'recovery.backups': route(nothing, gives<views.BackupList>()),
  /**
   * Moves the damaged database aside and begins again from the backup of that name, empty for null, or from the newest intact
   * backup; the core starts anew.
   */
  'recovery.start': route(z.strictObject({ backup: backupName.nullable().optional() }), gives<views.Recovered>()),
  /** Asks the service for its account with the token, and only then stores both and syncs with it from now on. */
  'service.connect': route(
    z.strictObject({ address: serviceAddress, token: z.string().min(1).max(8_000) }),
    gives<views.ServiceConnection>(),
  ),
  /** Whether a service offers a sign-in in the browser; else it takes an access token only. */
  'service.check': route(z.strictObject({ address: serviceAddress }), gives<{ offersSignIn: boolean }>()),
  /** Signs in by the system's browser, and answers when that has ended. Until then, `service.get` has the address of the sign-in. */
  'service.signIn': route(z.strictObject({ address: serviceAddress }), gives<views.ServiceConnection>()),
  /** Opens the address of the sign-in that waits in the system's browser again. Only Electron. */
  'service.showSignIn': route(nothing, gives<null>()),
  /** Ends a sign-in that waits for the browser: it then fails as `sign_in_canceled`. */
  'service.cancelSignIn': route(nothing, gives<null>()),
  /** Signs out: revokes the sign-in if the service lets it, and forgets service and tokens. The records stay. */
  'service.disconnect': route(nothing, gives<views.ServiceConnection & { revocation: views.Revocation }>()),
  'settings.set': route(
    z.strictObject({
      ...settingFields,
      notifications: z
        .strictObject({
          muted: z.array(z.enum(notificationKinds)).max(notificationKinds.length),
          quietHours: z.strictObject({ from: hour, until: hour }).nullable(),
          showsText: z.boolean(),
        })
        .optional(),
    }),
    gives<views.Settings>(),
  ),
} as const
