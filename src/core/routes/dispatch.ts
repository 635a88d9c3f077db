import type { Envelope } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import { type RouteName, routes } from '../../shared/routes.ts'
import type { Log } from '../ports.ts'
import { explainStoreError } from '../store/errors.ts'
import { statement } from '../store/statement.ts'
import type { Readable } from '../store/store.ts'
import * as app from './app.ts'
import * as backup from './backup.ts'
import { cacheClear, cacheUsage } from './cache.ts'
import type { Handler, RouteContext } from './context.ts'
import { creditsCounts, creditsFindings, creditsList, creditsReconcile, creditsSummary } from './credits.ts'
import { helpLookAround, helpWhereabouts } from './help.ts'
import { jobsCounts, jobsDays, jobsGet, jobsList, jobsPageKeys } from './library.ts'
import { marksSet } from './marks.ts'
import * as originals from './originals.ts'
import { overviewGet } from './overview.ts'
import { refundsCounts, refundsGet, refundsList } from './refunds.ts'
import * as support from './support.ts'

const handlers: { [R in RouteName]: Handler<R> } = {
  'app.info': app.appInfo,
  'account.get': app.accountGet,
  'overview.get': overviewGet,
  'jobs.list': jobsList,
  'jobs.counts': jobsCounts,
  'jobs.days': jobsDays,
  'jobs.pageKeys': jobsPageKeys,
  'jobs.get': jobsGet,
  'credits.list': creditsList,
  'credits.counts': creditsCounts,
  'credits.summary': creditsSummary,
  'refunds.list': refundsList,
  'refunds.counts': refundsCounts,
  'refunds.get': refundsGet,
  'sync.state': app.syncState,
  'credits.findings': creditsFindings,
  'credits.reconcile': creditsReconcile,
  'help.lookAround': helpLookAround,
  'help.whereabouts': helpWhereabouts,
  'support.list': support.supportList,
  'support.draft': support.supportDraft,
  'support.mail': support.supportMail,
  'support.save': support.supportSave,
  'support.update': support.supportUpdate,
  'support.delete': support.supportDelete,
  'support.restore': support.supportRestore,
  'marks.set': marksSet,
  'backup.list': backup.backupList,
  'backup.make': backup.backupMake,
  'backup.restore': backup.backupRestore,
  'export.write': backup.exportWrite,
  'links.get': app.linksGet,
  'settings.get': app.settingsGet,
  'originals.job': originals.originalsJob,
  'originals.estimate': originals.originalsEstimate,
  'cache.usage': cacheUsage,
  'cache.clear': cacheClear,
  'sync.now': app.syncNow,
  'sync.pause': app.syncPause,
  'sync.resume': app.syncResume,
  'sync.acceptListing': app.syncAcceptListing,
  'originals.state': originals.originalsState,
  'originals.keep': originals.originalsKeep,
  'originals.drop': originals.originalsDrop,
  'originals.pause': originals.originalsPause,
  'originals.keepNew': originals.originalsKeepNew,
  'settings.set': app.settingsSet,
  'links.open': app.linksOpen,
}

/** What a query reads is of one moment, and the file is locked once for all of it, not once for every row. */
function readAtOnce<T>(database: Readable, read: () => T): T {
  if (database.inTransaction) return read()
  statement(database, 'BEGIN').run()
  try {
    return read()
  } finally {
    statement(database, 'COMMIT').run()
  }
}

/** The only entry to the core: validates the input once, calls the handler, and answers every failure as a code. */
export async function dispatch(
  route: string,
  input: unknown,
  context: RouteContext,
  log: Log,
): Promise<Envelope<unknown>> {
  try {
    if (!Object.hasOwn(routes, route)) throw new AppError('unknown_route')
    const name = route as RouteName
    const parsed = routes[name].input.safeParse(input)
    if (!parsed.success) throw new AppError('invalid_input', { field: parsed.error.issues[0]?.path.join('.') ?? '' })
    const handle = () => (handlers[name] as Handler<RouteName>)(context, parsed.data as never)
    return { ok: true, data: await (routes[name].mode === 'query' ? readAtOnce(context.database, handle) : handle()) }
  } catch (error) {
    const explained = explainStoreError(error, context.info.dataDir)
    if (explained instanceof AppError) return { ok: false, error: explained.toView() }
    log.warn('route failed', { route, detail: String(explained) })
    return { ok: false, error: { code: 'internal', params: {} } }
  }
}
