import type { RouteName, RouteOf } from './routes.ts'

/** The event that makes an answer on the page out of date. */
type Refresh =
  | 'data'
  /** A `data` event with a changed account. */
  | 'account'
  | 'originals'
  /** None has to: the event carries the new answer. */
  | 'carried'
  | 'none'

/** Every route whose answer the page may keep: a new one does not compile without an entry. */
const refreshes: Record<RouteOf<'read' | 'host'>, Refresh> = {
  'app.info': 'none',
  'app.diagnostics': 'none',
  'app.menu': 'none',
  'app.retryFolder': 'none',
  'updates.state': 'none',
  'updates.check': 'none',
  'updates.install': 'none',
  'account.get': 'account',
  'links.get': 'none',
  'links.open': 'none',
  'overview.get': 'data',
  'jobs.list': 'data',
  'jobs.counts': 'data',
  'jobs.days': 'data',
  'jobs.pageKeys': 'data',
  'jobs.get': 'data',
  'originals.job': 'originals',
  'originals.state': 'carried',
  'originals.estimate': 'none',
  'credits.list': 'data',
  'credits.counts': 'data',
  'credits.summary': 'data',
  'credits.findings': 'data',
  'credits.reconcile': 'data',
  'refunds.list': 'data',
  'refunds.counts': 'data',
  'refunds.get': 'data',
  'matches.get': 'data',
  'help.lookAround': 'data',
  'help.whereabouts': 'data',
  'support.list': 'data',
  'support.draft': 'data',
  'support.mail': 'data',
  'backup.list': 'none',
  'accounts.list': 'account',
  'accounts.deletionPlan': 'data',
  'accounts.joinPlan': 'data',
  'accounts.separationPlan': 'data',
  'accounts.delete': 'none',
  'imports.list': 'account',
  'folders.list': 'account',
  'folders.state': 'carried',
  'folders.skipped': 'account',
  'folders.choose': 'none',
  'service.get': 'account',
  'service.check': 'none',
  'service.signIn': 'none',
  'service.showSignIn': 'none',
  'service.cancelSignIn': 'none',
  'service.connect': 'none',
  'service.disconnect': 'none',
  'sync.state': 'carried',
  'settings.get': 'carried',
  'recovery.state': 'carried',
  'recovery.backups': 'none',
  'recovery.start': 'none',
  'settings.set': 'none',
  'cache.usage': 'none',
  'cache.clear': 'none',
  'export.write': 'none',
  'export.cancel': 'none',
  'media.renew': 'none',
  'media.subtitles': 'none',
  'media.credentials': 'none',
  'media.cancel': 'none',
  'media.keepTile': 'none',
  'files.show': 'none',
  'files.save': 'none',
  'files.saveDiagnostics': 'none',
  'files.drag': 'none',
}

/** How events refresh the answer of a route; undefined for names that are no such route. */
export const refreshOf = (route: unknown): Refresh | undefined =>
  (refreshes as Partial<Record<RouteName, Refresh>>)[route as RouteName]
