/**
 * The route contract: an input schema and an output type per route. `query` routes read and are answered by the reader, as are the
 * `cache` routes, `command` routes by the writer (it syncs and owns every write), `host` routes by the host's own thread (the settings file).
 * A new route: docs/add-a-route.md.
 */
import { z } from 'zod'
import {
  agents,
  cacheLimits,
  creditSources,
  features,
  languages,
  linkKeys,
  outcomes,
  refundStatuses,
  streams,
  themes,
} from './values.ts'
import type * as views from './views.ts'

const agent = z.enum(agents)
const id = z.string().min(1).max(128)
const caseName = z.string().min(1).max(300)
const before = z.string().max(200).optional()
const limit = z.number().int().min(1).max(500).default(50)
const pageSize = z.number().int().min(20).max(500)
const timeZone = z.string().min(1).max(64)
const days = z.number().int().min(1).max(366)
const cases = z.array(caseName).min(1).max(20)
const message = { subject: z.string().min(1).max(300), text: z.string().min(1).max(20_000) }
const supportState = z.enum(['draft', 'sent', 'answered', 'resolved'])

const jobFilter = z.strictObject({
  agent: agent.optional(),
  kinds: z.array(z.string().max(32)).max(16).optional(),
  models: z.array(z.string().max(200)).max(16).optional(),
  outcomes: z.array(z.enum(outcomes)).max(16).optional(),
  refundStatuses: z.array(z.enum(refundStatuses)).max(16).optional(),
  text: z.string().max(200).optional(),
  from: z.number().int().optional(),
  to: z.number().int().optional(),
})

const jobFilterWithoutText = jobFilter.omit({ text: true })

const ledgerFilter = z.strictObject({
  agent: agent.optional(),
  kinds: z.array(z.string().max(32)).max(16).optional(),
  features: z.array(z.enum(features)).max(16).optional(),
  sources: z.array(z.enum(creditSources)).max(16).optional(),
  text: z.string().max(200).optional(),
})

/** A route without its output type: phantom `output` carries it for the compiler only. */
interface Route<Input extends z.ZodType, Output> {
  readonly mode: 'query' | 'cache' | 'command' | 'host'
  readonly input: Input
  readonly output?: Output
}
const query =
  <Output>() =>
  <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ mode: 'query', input })
const cache =
  <Output>() =>
  <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ mode: 'cache', input })
const command =
  <Output>() =>
  <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ mode: 'command', input })
const host =
  <Output>() =>
  <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ mode: 'host', input })
const nothing = z.strictObject({})

export const routes = {
  'app.info': query<views.AppInfo>()(nothing),
  'account.get': query<views.AccountView | null>()(nothing),
  'overview.get': query<views.Overview>()(z.strictObject({ agent: agent.optional(), days, timeZone })),
  /** `through` is the last row of a page that is read again; the answer ends with that row. */
  'jobs.list': query<views.JobPage>()(jobFilter.extend({ before, through: before, limit })),
  /** A search counts its newest `hits` below `before`; a caller that asks in small slices can stop between two of them. */
  'jobs.counts': query<views.JobCounts>()(
    jobFilter.extend({ before, hits: z.number().int().min(1).max(1_000).default(1_000) }),
  ),
  /** The number of jobs per day; with `open` also the newest pages, which hold at least `open.jobs` jobs if they exist. */
  'jobs.days': query<views.JobDays>()(
    jobFilterWithoutText.extend({
      open: z.strictObject({ jobs: z.number().int().min(1).max(100), pageSize }).optional(),
    }),
  ),
  /** The first and last keys of the pages of one day, `size` jobs each. */
  'jobs.pageKeys': query<views.JobPageKeys[]>()(jobFilterWithoutText.extend({ day: z.number().int(), size: pageSize })),
  'jobs.get': query<views.JobDetail>()(z.strictObject({ agent, jobId: id })),
  /** `startAt` is the first transaction of the first page; with a time zone, a page carries the totals of its days. */
  'credits.list': query<views.LedgerPage>()(
    ledgerFilter.extend({ startAt: id.optional(), timeZone: timeZone.optional(), before, limit }),
  ),
  'credits.counts': query<views.LedgerCounts>()(ledgerFilter),
  'credits.summary': query<views.CreditSummary>()(z.strictObject({ agent: agent.optional(), days, timeZone })),
  'refunds.list': query<views.Page<views.CaseItem>>()(
    z.strictObject({
      agent: agent.optional(),
      group: z.enum(['open', 'refunded', 'all']),
      statuses: z.array(z.enum(refundStatuses)).max(16).optional(),
      before,
      limit,
    }),
  ),
  'refunds.counts': query<views.CaseCounts>()(z.strictObject({ agent: agent.optional() })),
  'refunds.get': query<views.CaseDetail>()(z.strictObject({ case: caseName })),
  'sync.state': command<views.SyncState>()(nothing),
  'credits.findings': query<views.Finding[]>()(z.strictObject({ days })),
  'credits.reconcile': query<views.Reconciliation | null>()(nothing),
  'help.lookAround': query<views.LookAround>()(
    z.union([
      z.strictObject({ case: caseName, hours: z.number().int().min(1).max(72) }),
      z.strictObject({ at: z.number().int(), hours: z.number().int().min(1).max(72) }),
    ]),
  ),
  'help.whereabouts': query<views.Whereabouts>()(z.strictObject({ text: z.string().max(200).optional() })),
  'support.list': query<views.SupportCase[]>()(nothing),
  /** Composes a message without storing it; prompts and results are left out unless requested. */
  'support.draft': query<views.SupportDraft>()(
    z.strictObject({
      cases,
      language: z.enum(languages),
      timeZone,
      prompts: z.boolean(),
      results: z.boolean(),
    }),
  ),
  /** A mailto address with the subject and as much of the text as mail programs accept. */
  'support.mail': query<{ url: string; complete: boolean }>()(
    z.union([z.strictObject({ id: z.number().int() }), z.strictObject(message)]),
  ),
  /** The backups in the data folder, newest first. */
  'backup.list': query<views.KeptFile[]>()(nothing),
  /** Writes every record, mark and message to one file in the data folder; CSV contains only the ledger. */
  'export.write': query<views.ExportedFile>()(z.strictObject({ format: z.enum(['csv', 'json']) })),
  'links.get': query<views.Links>()(z.strictObject({ language: z.enum(['ko', 'en']) })),
  'settings.get': host<views.Settings>()(nothing),
  /** The originals of a job that the user wants to keep. */
  'originals.job': query<views.OriginalView[]>()(z.strictObject({ agent, jobId: id })),
  'originals.estimate': query<views.OriginalsEstimate>()(nothing),
  'cache.usage': cache<views.CacheUsage>()(nothing),
  'cache.clear': cache<views.CacheUsage>()(nothing),

  /** Syncs now; a paused account is resumed. */
  'sync.now': command<null>()(nothing),
  /** Stops the sync until `sync.resume` or `sync.now`, also across restarts. Stored records stay. */
  'sync.pause': command<null>()(nothing),
  'sync.resume': command<null>()(nothing),
  /** The user confirms a much shorter snapshot; missing records are then marked as retracted or removed. */
  'sync.acceptListing': command<null>()(z.strictObject({ stream: z.enum(streams) })),
  'marks.set': command<views.Marks>()(
    z.strictObject({
      case: caseName,
      favorite: z.boolean().optional(),
      unwanted: z.boolean().optional(),
      note: z.string().max(10_000).nullable().optional(),
      dismissed: z.boolean().optional(),
    }),
  ),
  'support.save': command<views.SupportCase>()(z.strictObject({ cases, ...message })),
  'support.update': command<views.SupportCase>()(
    z.strictObject({
      id: z.number().int(),
      state: supportState.optional(),
      remindAt: z.number().int().nullable().optional(),
    }),
  ),
  'support.delete': command<null>()(z.strictObject({ id: z.number().int() })),
  /** Restores a support case that `support.delete` removed. */
  'support.restore': command<views.SupportCase>()(
    z.strictObject({
      id: z.number().int(),
      state: supportState,
      cases,
      ...message,
      remindAt: z.number().int().nullable(),
      closedBy: z.enum(['user', 'refund']).nullable(),
      createdAt: z.number().int(),
      changedAt: z.number().int(),
    }),
  ),
  /** Copies the whole database into the data folder and reads the copy back to verify it. */
  'backup.make': command<views.KeptFile>()(nothing),
  /** Restores marks and support cases from a backup. Later changes here win. */
  'backup.restore': command<views.Restored>()(z.strictObject({ name: z.string().regex(/^[\w.-]{1,200}\.db$/) })),
  'originals.state': command<views.OriginalsState>()(nothing),
  /** Enqueues the originals of a job, all that Carat still lists, or those that failed. */
  'originals.keep': command<views.OriginalsState>()(
    z.union([z.strictObject({ agent, jobId: id }), z.strictObject({ all: z.enum(['listed', 'failed']) })]),
  ),
  /** Removes the kept originals of a job, or all that wait or failed. */
  'originals.drop': command<views.OriginalsState>()(
    z.union([z.strictObject({ agent, jobId: id }), z.strictObject({ all: z.enum(['waiting', 'failed']) })]),
  ),
  /** Resuming also retries at once what the queue backed off from. */
  'originals.pause': command<views.OriginalsState>()(z.strictObject({ paused: z.boolean() })),
  'originals.keepNew': command<views.OriginalsState>()(z.strictObject({ keep: z.boolean() })),
  'settings.set': host<views.Settings>()(
    z.strictObject({
      language: z.enum(languages).optional(),
      theme: z.enum(themes).optional(),
      density: z.enum(['default', 'compact']).optional(),
      libraryView: z.enum(['grid', 'list']).optional(),
      cacheLimit: z.literal(cacheLimits).optional(),
    }),
  ),
  /** Resolves an outbound link to its allow-listed address. The Electron host opens it; a browser page follows it. */
  'links.open': query<{ url: string }>()(
    z.union([
      z.strictObject({ key: z.enum(linkKeys), language: z.enum(['ko', 'en']) }),
      z.strictObject({ chat: z.strictObject({ agent, jobId: id }) }),
      z.strictObject({ support: z.number().int() }),
    ]),
  ),
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
/** What a caller passes (defaults may be left out). */
export type RouteInput<R extends RouteName> = z.input<Routes[R]['input']>
/** What a handler gets (defaults filled in). */
export type RouteArguments<R extends RouteName> = z.output<Routes[R]['input']>
export type RouteOutput<R extends RouteName> = NonNullable<Routes[R]['output']> | Extract<Routes[R]['output'], null>
