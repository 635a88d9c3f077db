/** The route contract: a mode, an input schema and an output type per route (docs/add-a-route.md). */
import { z } from 'zod'
import type { ErrorView } from './errors.ts'
import type * as folders from './folders.ts'
import type * as imports from './import-views.ts'
import type { ChargeMatchesView } from './match-views.ts'
import { matchAnswers } from './matches.ts'
import { notificationKinds } from './notifications.ts'
import {
  agent,
  backupName,
  batch,
  before,
  caseName,
  cases,
  casesOfMessage,
  days,
  hour,
  id,
  importChoice,
  jobFilter,
  jobFilterWithoutText,
  ledgerFilter,
  limit,
  message,
  pageSize,
  reading,
  result,
  supportState,
  timeZone,
} from './route-inputs.ts'
import { cacheLimits, caseTabs, exportFormats, languages, linkKeys, refundStatuses, streams, themes } from './values.ts'
import type * as views from './views.ts'

export type RouteMode =
  /** Answers from the database and changes nothing. */
  | 'read'
  /** Changes records, or controls the sync and the queue of originals. */
  | 'write'
  /** Is about the app on this machine: settings, the state of its work, the cache, exported files. */
  | 'host'

const route = <Mode extends RouteMode, Input extends z.ZodType, Output>(mode: Mode, input: Input, output: Output) => ({
  mode,
  input,
  output,
})
/** Carries an output type for the compiler. There is no value, because output is not validated. */
const gives = <Output>() => undefined as Output
const nothing = z.strictObject({})

export const routes = {
  'app.info': route('read', nothing, gives<views.AppInfo>()),
  /** State and size of the database; the check of its pages takes a second for a large one. */
  'app.diagnostics': route('read', nothing, gives<views.Diagnostics>()),
  /** Opens the menu of the app. Only Electron. */
  'app.menu': route('host', nothing, gives<null>()),
  'account.get': route('read', nothing, gives<views.AccountView | null>()),
  'overview.get': route('read', z.strictObject({ agent: agent.optional(), days, timeZone }), gives<views.Overview>()),
  /** `through` is the last row of a page that is read again; the answer ends with that row. */
  'jobs.list': route('read', jobFilter.extend({ before, through: before, limit }), gives<views.JobPage>()),
  /**
   * A search counts its newest `hits` below `before`; a caller that asks in small slices can stop between two of them.
   */
  'jobs.counts': route(
    'read',
    jobFilter.extend({ before, hits: z.number().int().min(1).max(1_000).default(1_000) }),
    gives<views.JobCounts>(),
  ),
  /**
   * The number of jobs per day; with `open` also the newest pages, which hold at least `open.jobs` jobs if they exist.
   */
  'jobs.days': route(
    'read',
    jobFilterWithoutText.extend({
      open: z.strictObject({ jobs: z.number().int().min(1).max(100), pageSize }).optional(),
    }),
    gives<views.JobDays>(),
  ),
  /** The first and last keys of the pages of one day, `size` jobs each. */
  'jobs.pageKeys': route(
    'read',
    jobFilterWithoutText.extend({ day: z.number().int(), size: pageSize }),
    gives<views.JobPageKeys[]>(),
  ),
  'jobs.get': route('read', z.strictObject({ agent, jobId: id }), gives<views.JobDetail>()),
  /** `startAt` is the first transaction of the first page; with a time zone, a page carries the totals of its days. */
  'credits.list': route(
    'read',
    ledgerFilter.extend({ startAt: id.optional(), timeZone: timeZone.optional(), before, limit }),
    gives<views.LedgerPage>(),
  ),
  'credits.counts': route('read', ledgerFilter, gives<views.LedgerCounts>()),
  'credits.summary': route(
    'read',
    z.strictObject({ agent: agent.optional(), days, timeZone }),
    gives<views.CreditSummary>(),
  ),
  'refunds.list': route(
    'read',
    z.strictObject({
      agent: agent.optional(),
      tab: z.enum(caseTabs),
      statuses: z.array(z.enum(refundStatuses)).max(16).optional(),
      before,
      limit,
    }),
    gives<views.Page<views.CaseItem>>(),
  ),
  'refunds.counts': route('read', z.strictObject({ agent: agent.optional() }), gives<views.CaseCounts>()),
  'refunds.get': route('read', z.strictObject({ case: caseName }), gives<views.CaseDetail>()),
  /** The accounts that have records or imports, the shown one first. */
  'accounts.list': route('read', nothing, gives<imports.AccountItem[]>()),
  /** The imports of the shown account, newest first. */
  'imports.list': route('read', nothing, gives<imports.ImportBatch[]>()),
  /** The results that may belong to a charge without a job; null for any other case. */
  'matches.get': route('read', z.strictObject({ case: caseName }), gives<ChargeMatchesView | null>()),
  /** The folders of the shown account, newest first. */
  'folders.list': route('read', nothing, gives<folders.FolderView[]>()),
  'folders.state': route('host', nothing, gives<folders.ScannerState>()),
  /** The first files that the last scan of a folder left out. */
  'folders.skipped': route('host', z.strictObject({ batch }), gives<folders.SkippedFile[]>()),
  /** Asks for a folder with the dialog of the system. Null if the user cancels; `desktop_only` in a browser. */
  'folders.choose': route('host', nothing, gives<{ path: string } | null>()),
  'service.get': route('host', nothing, gives<views.ServiceConnection>()),
  'sync.state': route('host', nothing, gives<views.SyncState>()),
  'credits.findings': route('read', z.strictObject({ days }), gives<views.Finding[]>()),
  'credits.reconcile': route('read', nothing, gives<views.Reconciliation | null>()),
  'help.lookAround': route(
    'read',
    z.union([
      z.strictObject({ case: caseName, hours: z.number().int().min(1).max(72) }),
      z.strictObject({ at: z.number().int(), hours: z.number().int().min(1).max(72) }),
    ]),
    gives<views.LookAround>(),
  ),
  'help.whereabouts': route(
    'read',
    z.strictObject({ text: z.string().max(200).optional() }),
    gives<views.Whereabouts>(),
  ),
  'support.list': route('read', nothing, gives<views.SupportCase[]>()),
  /** Composes a message without storing it; prompts and results are left out unless requested. */
  'support.draft': route(
    'read',
    z.strictObject({
      cases,
      language: z.enum(languages),
      timeZone,
      prompts: z.boolean(),
      results: z.boolean(),
    }),
    gives<views.SupportDraft>(),
  ),
  /** A mailto address with the subject and as much of the text as mail programs accept. */
  'support.mail': route(
    'read',
    z.union([z.strictObject({ id: z.number().int() }), z.strictObject(message)]),
    gives<{ url: string; complete: boolean }>(),
  ),
  /** The backups in the data folder, newest first. */
  'backup.list': route('read', nothing, gives<views.KeptFile[]>()),
  /** Writes every record, mark and message to one file; CSV contains only the ledger. Null if the user cancelled. */
  'export.write': route('host', z.strictObject({ format: z.enum(exportFormats) }), gives<views.ExportedFile | null>()),
  /** Ends the exports that are being written. */
  'export.cancel': route('host', nothing, gives<null>()),
  'links.get': route('read', z.strictObject({ language: z.enum(['ko', 'en']) }), gives<views.Links>()),
  'settings.get': route('host', nothing, gives<views.Settings>()),
  /** The originals of a job that the user wants to keep. */
  'originals.job': route('read', z.strictObject({ agent, jobId: id }), gives<views.OriginalView[]>()),
  'originals.estimate': route('host', nothing, gives<views.OriginalsEstimate>()),
  'cache.usage': route('host', nothing, gives<views.CacheUsage>()),
  'cache.clear': route('host', nothing, gives<views.CacheUsage>()),

  /** Syncs now; a paused account is resumed. */
  'sync.now': route('write', nothing, gives<null>()),
  /** Stops the sync until `sync.resume` or `sync.now`, also across restarts. Stored records stay. */
  'sync.pause': route('write', nothing, gives<null>()),
  'sync.resume': route('write', nothing, gives<null>()),
  /** The user confirms a much shorter snapshot; missing records are then marked as retracted or removed. */
  'sync.acceptListing': route('write', z.strictObject({ stream: z.enum(streams) }), gives<null>()),
  /** Lets the screens show another account. */
  'accounts.show': route('write', z.strictObject({ id }), gives<null>()),
  /** Takes a part of a source, base64; the parts of an upload come in order. Nothing is stored. */
  'imports.receive': route('write', z.strictObject({ upload: id, data: z.base64().max(700_000) }), gives<null>()),
  /** Shows what an import of an upload would do. Nothing is stored. */
  'imports.preview': route('write', importChoice, gives<imports.ImportPreview | imports.UnreadableSource>()),
  'imports.apply': route('write', importChoice, gives<imports.ImportBatch>()),
  /** Shows what another reading of an import would change; its own reading if none is given. */
  'imports.previewReading': route(
    'write',
    z.strictObject({ batch, reading: reading.nullable() }),
    gives<imports.ImportPreview>(),
  ),
  'imports.reread': route('write', z.strictObject({ batch, reading }), gives<imports.ImportBatch>()),
  'imports.undo': route('write', z.strictObject({ batch }), gives<imports.ImportBatch>()),
  'imports.redo': route('write', z.strictObject({ batch }), gives<imports.ImportBatch>()),
  /** Keeps the user's answer whether some jobs belong to a charge. */
  'matches.decide': route(
    'write',
    z.strictObject({ case: caseName, jobs: z.array(id).min(1).max(50), answer: z.enum(matchAnswers) }),
    gives<null>(),
  ),
  /** Adds a folder of results, or changes the choices of a known one, and begins to scan it. */
  'folders.add': route(
    'write',
    z.strictObject({ path: z.string().min(1).max(4_096), agent, copied: z.boolean(), account: id.nullable() }),
    gives<folders.FolderView>(),
  ),
  /** Scans a folder again, or goes on after a pause. */
  'folders.scan': route('write', z.strictObject({ batch, acceptMissing: z.boolean() }), gives<null>()),
  'folders.pause': route('write', z.strictObject({ batch }), gives<null>()),
  'marks.set': route(
    'write',
    z.strictObject({
      case: caseName,
      favorite: z.boolean().optional(),
      unwanted: z.boolean().optional(),
      note: z.string().max(10_000).nullable().optional(),
      dismissed: z.boolean().optional(),
    }),
    gives<views.Marks>(),
  ),
  'support.save': route('write', z.strictObject({ cases: casesOfMessage, ...message }), gives<views.SupportCase>()),
  'support.update': route(
    'write',
    z.strictObject({
      id: z.number().int(),
      state: supportState.optional(),
      remindAt: z.number().int().nullable().optional(),
    }),
    gives<views.SupportCase>(),
  ),
  'support.delete': route('write', z.strictObject({ id: z.number().int() }), gives<null>()),
  /** Restores a support case that `support.delete` removed. */
  'support.restore': route(
    'write',
    z.strictObject({
      id: z.number().int(),
      state: supportState,
      cases: casesOfMessage,
      ...message,
      remindAt: z.number().int().nullable(),
      closedBy: z.enum(['user', 'refund']).nullable(),
      createdAt: z.number().int(),
      changedAt: z.number().int(),
    }),
    gives<views.SupportCase>(),
  ),
  /** Copies the whole database into the data folder and reads the copy back to verify it. */
  'backup.make': route('write', nothing, gives<views.KeptFile>()),
  /** Restores marks and support cases from a backup. Later changes here win. */
  'backup.restore': route('write', z.strictObject({ name: backupName }), gives<views.Restored>()),
  'originals.state': route('host', nothing, gives<views.OriginalsState>()),
  /** Enqueues the originals of a job, all that Carat still lists, or those that failed. */
  'originals.keep': route(
    'write',
    z.union([z.strictObject({ agent, jobId: id }), z.strictObject({ all: z.enum(['listed', 'failed']) })]),
    gives<views.OriginalsState>(),
  ),
  /** Removes the kept originals of a job, or all that wait or failed. */
  'originals.drop': route(
    'write',
    z.union([z.strictObject({ agent, jobId: id }), z.strictObject({ all: z.enum(['waiting', 'failed']) })]),
    gives<views.OriginalsState>(),
  ),
  /** Resuming also retries at once the downloads that wait after a failure. */
  'originals.pause': route('write', z.strictObject({ paused: z.boolean() }), gives<views.OriginalsState>()),
  'originals.keepNew': route('write', z.strictObject({ keep: z.boolean() }), gives<views.OriginalsState>()),
  /** Asks Carat for the current addresses of jobs whose files could not be loaded, because the old ones have lapsed. */
  'media.renew': route(
    'host',
    z.strictObject({
      jobs: z
        .array(z.strictObject({ agent, jobId: id }))
        .min(1)
        .max(8),
    }),
    gives<views.RenewalView[]>(),
  ),
  /** The text of subtitles; null if the file is not available or is of another type. */
  /** Stops loading a file that is no longer shown: Electron does not tell when a page drops a request. */
  'media.cancel': route('host', result.extend({ size: z.enum(['thumbnail', 'original']) }), gives<null>()),
  'media.subtitles': route('host', result, gives<views.SubtitleCue[] | null>()),
  /** Shows a backup, a file that was written since the start, or the data folder in the file manager. Only Electron. */
  'files.show': route(
    'host',
    z.union([
      z.strictObject({ backup: backupName }),
      z.strictObject({ written: z.string().min(1).max(300) }),
      z.strictObject({ folder: z.literal('data') }),
    ]),
    gives<null>(),
  ),
  /** Saves a copy of an original where the user wants it; null if the user cancelled. Only Electron. */
  'files.save': route('host', result, gives<{ name: string } | null>()),
  /** Saves a report for support without personal text; null if the user cancelled. Only Electron. */
  'files.saveDiagnostics': route('host', nothing, gives<{ name: string } | null>()),
  /** Begins to drag an original; false if it has to be fetched first. Only Electron. */
  'files.drag': route('host', result, gives<boolean>()),
  /** How the database was found damaged or lost; null while it is whole. */
  'recovery.state': route('host', nothing, gives<{ damage: ErrorView | null }>()),
  /** Moves the damaged database aside and begins again from what is left; the core starts anew. */
  'recovery.start': route('host', nothing, gives<views.Recovered>()),
  /** Asks the service for its account with the token, and only then stores both and syncs with it from now on. */
  'service.connect': route(
    'host',
    z.strictObject({ address: z.string().min(1).max(2_000), token: z.string().min(1).max(8_000) }),
    gives<views.ServiceConnection>(),
  ),
  /** Forgets the service and the token. The records stay. */
  'service.disconnect': route('host', nothing, gives<views.ServiceConnection>()),
  'settings.set': route(
    'host',
    z.strictObject({
      language: z.enum(languages).optional(),
      theme: z.enum(themes).optional(),
      density: z.enum(['default', 'compact']).optional(),
      libraryView: z.enum(['grid', 'list']).optional(),
      cacheLimit: z.literal(cacheLimits).optional(),
      runsInBackground: z.boolean().optional(),
      startsAtLogin: z.boolean().optional(),
      notifications: z
        .strictObject({
          muted: z.array(z.enum(notificationKinds)).max(notificationKinds.length),
          quietHours: z.strictObject({ from: hour, until: hour }).nullable(),
          showsText: z.boolean(),
        })
        .optional(),
      showsBadge: z.boolean().optional(),
      welcomeDismissed: z.boolean().optional(),
    }),
    gives<views.Settings>(),
  ),
  /** Resolves an outbound link to its allow-listed address. The Electron host opens it; a browser page follows it. */
  'links.open': route(
    'read',
    z.union([
      z.strictObject({ key: z.enum(linkKeys), language: z.enum(['ko', 'en']) }),
      z.strictObject({ chat: z.strictObject({ agent, jobId: id }) }),
      z.strictObject({ support: z.number().int() }),
    ]),
    gives<{ url: string }>(),
  ),
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
/** The routes of a mode. */
export type RouteOf<Mode extends RouteMode> = {
  [R in RouteName]: Routes[R]['mode'] extends Mode ? R : never
}[RouteName]
/** What a caller passes (defaults may be left out). */
export type RouteInput<R extends RouteName> = z.input<Routes[R]['input']>
/** What a handler gets (defaults filled in). */
export type RouteArguments<R extends RouteName> = z.output<Routes[R]['input']>
export type RouteOutput<R extends RouteName> = Routes[R]['output']
