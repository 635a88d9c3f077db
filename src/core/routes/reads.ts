import * as accounts from './accounts.ts'
import { accountGet, appDiagnostics, appInfo, linksGet, linksOpen } from './app.ts'
import { backupList } from './backup.ts'
import type { Handlers } from './context.ts'
import * as credits from './credits.ts'
import { foldersList } from './folders.ts'
import { helpLookAround, helpWhereabouts } from './help.ts'
import * as imports from './imports.ts'
import * as library from './library.ts'
import { matchesGet } from './matches.ts'
import { originalsJob } from './originals.ts'
import { overviewGet } from './overview.ts'
import { refundsCounts, refundsGet, refundsList } from './refunds.ts'
import { supportDraft, supportList, supportMail } from './support.ts'

export const readHandlers: Handlers<'read'> = {
  'app.info': appInfo,
  'app.diagnostics': appDiagnostics,
  'account.get': accountGet,
  'accounts.list': accounts.accountsList,
  'accounts.deletionPlan': accounts.accountsDeletionPlan,
  'accounts.joinPlan': accounts.accountsJoinPlan,
  'accounts.separationPlan': accounts.accountsSeparationPlan,
  'imports.list': imports.importsList,
  'folders.list': foldersList,
  'links.get': linksGet,
  'links.open': linksOpen,

  'matches.get': matchesGet,

  'overview.get': overviewGet,

  'jobs.list': library.jobsList,
  'jobs.counts': library.jobsCounts,
  'jobs.days': library.jobsDays,
  'jobs.pageKeys': library.jobsPageKeys,
  'jobs.get': library.jobsGet,
  'originals.job': originalsJob,

  'credits.list': credits.creditsList,
  'credits.counts': credits.creditsCounts,
  'credits.summary': credits.creditsSummary,
  'credits.findings': credits.creditsFindings,
  'credits.reconcile': credits.creditsReconcile,

  'refunds.list': refundsList,
  'refunds.counts': refundsCounts,
  'refunds.get': refundsGet,

  'help.lookAround': helpLookAround,
  'help.whereabouts': helpWhereabouts,

  'support.list': supportList,
  'support.draft': supportDraft,
  'support.mail': supportMail,

  'backup.list': backupList,
}
