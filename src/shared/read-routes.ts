/** The routes that answer from the database and change nothing. */
import { z } from 'zod'
import type * as folders from './folders.ts'
import type * as imports from './import-views.ts'
import type { ChargeMatchesView } from './match-views.ts'
import { gives, nothing, routesOf } from './route.ts'
import {
  accountName,
  agent,
  before,
  caseName,
  cases,
  days,
  id,
  jobFilter,
  jobFilterWithoutText,
  ledgerFilter,
  limit,
  message,
  ofAccount,
  pageSize,
  timeZone,
} from './route-inputs.ts'
import { caseTabs, languages, linkKeys, refundStatuses } from './values.ts'
import type * as views from './views.ts'

const route = routesOf('read')

export const readRoutes = {
  'app.info': route(nothing, gives<views.AppInfo>()),
  /** State and size of the database; the check of its pages takes a second for a large one. */
  'app.diagnostics': route(nothing, gives<views.Diagnostics>()),
  'account.get': route(nothing, gives<views.AccountView | null>()),
  'overview.get': route(z.strictObject({ agent: agent.optional(), days, timeZone }), gives<views.Overview>()),
  /** `through` is the last row of a page that is read again; the answer ends with that row. */
  'jobs.list': route(jobFilter.extend({ before, through: before, limit }), gives<views.JobPage>()),
  /**
   * A search counts its newest `hits` below `before`; a caller that asks in small slices can stop between two of them.
   */
  'jobs.counts': route(
    jobFilter.extend({ before, hits: z.number().int().min(1).max(1_000).default(1_000) }),
    gives<views.JobCounts>(),
  ),
  /**
   * The number of jobs per day; with `open` also the newest pages, which hold at least `open.jobs` jobs if they exist.
   */
  'jobs.days': route(
    jobFilterWithoutText.extend({
      open: z.strictObject({ jobs: z.number().int().min(1).max(100), pageSize }).optional(),
    }),
    gives<views.JobDays>(),
  ),
  /** The first and last keys of the pages of one day, `size` jobs each. */
  'jobs.pageKeys': route(
    jobFilterWithoutText.extend({ day: z.number().int(), size: pageSize }),
    gives<views.JobPageKeys[]>(),
  ),
  'jobs.get': route(z.strictObject({ account: ofAccount, agent, jobId: id }), gives<views.JobDetail>()),
  /** `startAt` is the first transaction of the first page; with a time zone, a page carries the totals of its days. */
  'credits.list': route(
    ledgerFilter.extend({ startAt: id.optional(), timeZone: timeZone.optional(), before, limit }),
    gives<views.LedgerPage>(),
  ),
  'credits.counts': route(ledgerFilter, gives<views.LedgerCounts>()),
  'credits.summary': route(z.strictObject({ agent: agent.optional(), days, timeZone }), gives<views.CreditSummary>()),
  'refunds.list': route(
    z.strictObject({
      agent: agent.optional(),
      tab: z.enum(caseTabs),
      statuses: z.array(z.enum(refundStatuses)).max(16).optional(),
      before,
      limit,
    }),
    gives<views.Page<views.CaseItem>>(),
  ),
  'refunds.counts': route(z.strictObject({ agent: agent.optional() }), gives<views.CaseCounts>()),
  'refunds.get': route(z.strictObject({ account: ofAccount, case: caseName }), gives<views.CaseDetail>()),
  /** The accounts that have records or imports, the one shown last first. */
  'accounts.list': route(nothing, gives<imports.AccountItem[]>()),
  /** The number of records and files that the deletion of an account removes. */
  'accounts.deletionPlan': route(z.strictObject({ id: accountName }), gives<views.DeletionPlan>()),
  /** What follows an account that only imports know if it is joined to another. */
  'accounts.joinPlan': route(z.strictObject({ id: accountName, into: accountName }), gives<imports.JoinPlan>()),
  /** What goes back to the joined account `id` if it is separated. */
  'accounts.separationPlan': route(z.strictObject({ id: accountName }), gives<imports.MovePlan>()),
  /** The imports of the shown account, newest first. */
  'imports.list': route(nothing, gives<imports.ImportBatch[]>()),
  /** The results that may belong to a charge without a job; null for any other case. */
  'matches.get': route(z.strictObject({ account: ofAccount, case: caseName }), gives<ChargeMatchesView | null>()),
  /** The folders of the shown account, newest first. */
  'folders.list': route(nothing, gives<folders.FolderView[]>()),
  'credits.findings': route(z.strictObject({ days }), gives<views.Finding[]>()),
  'credits.reconcile': route(nothing, gives<views.Reconciliation | null>()),
  'help.lookAround': route(
    z.union([
      z.strictObject({ case: caseName, hours: z.number().int().min(1).max(72) }),
      z.strictObject({ at: z.number().int(), hours: z.number().int().min(1).max(72) }),
    ]),
    gives<views.LookAround>(),
  ),
  'help.whereabouts': route(z.strictObject({ text: z.string().max(200).optional() }), gives<views.Whereabouts>()),
  'support.list': route(nothing, gives<views.SupportCase[]>()),
  /** Composes a message without storing it; prompts and results are left out unless requested. */
  'support.draft': route(
    z.strictObject({
      account: ofAccount,
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
    z.union([z.strictObject({ id: z.number().int() }), z.strictObject(message)]),
    gives<{ url: string; complete: boolean }>(),
  ),
  /** The backups in the data folder, newest first. */
  'backup.list': route(nothing, gives<views.KeptFile[]>()),
  'links.get': route(z.strictObject({ language: z.enum(['ko', 'en']) }), gives<views.Links>()),
  /** The originals of a job that the user wants to keep. */
  'originals.job': route(z.strictObject({ account: ofAccount, agent, jobId: id }), gives<views.OriginalView[]>()),
  /** Resolves an outbound link to its allow-listed address. The Electron host opens it; a browser page follows it. */
  'links.open': route(
    z.union([
      z.strictObject({ key: z.enum(linkKeys), language: z.enum(['ko', 'en']) }),
      z.strictObject({ chat: z.strictObject({ account: ofAccount, agent, jobId: id }) }),
      z.strictObject({ support: z.number().int() }),
    ]),
    gives<{ url: string }>(),
  ),
} as const
