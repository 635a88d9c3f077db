import { AppError } from '../../shared/errors.ts'
import type { RouteArguments } from '../../shared/routes.ts'
import { type LinkKey, linkKeys } from '../../shared/values.ts'
import type { AccountView, Balance, Links } from '../../shared/views.ts'
import { isAllowedUrl, supportMail } from '../domain/links.ts'
import { isImported } from '../store/accounts/accounts.ts'
import { readDiagnostics } from '../store/file/diagnostics.ts'
import { parseStoredList, parseStoredRecord } from '../store/file/errors.ts'
import type { Readable } from '../store/handles.ts'
import { findJob } from '../store/jobs/job-queries.ts'
import { statedBalance } from '../store/ledger/ledger-queries.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { currentAccount, entryInView, type Handler, type ReadContext, requireAccount } from './context.ts'

export const appInfo: Handler<'app.info'> = ({
  info: { version, dataDir, readOnly, sandbox, api, platform },
  clock,
}) => ({
  version,
  dataDir,
  readOnly,
  sandbox,
  api,
  platform,
  now: clock.now(),
  clockIsFixed: clock.isFixed,
})

export const appDiagnostics: Handler<'app.diagnostics'> = ({ database }) => readDiagnostics(database)

export const accountGet: Handler<'account.get'> = (context) => {
  const account = currentAccount(context)
  return account && accountView(context.database, account)
}

export const accountView = (database: Readable, account: AccountRow): AccountView => ({
  id: account.id,
  displayName: account.displayName,
  email: account.email,
  signInMethod: account.signInMethod,
  plan: account.plan,
  isImported: isImported(account),
  isSample: account.isSample === 1,
  ...statedBalance(database, account),
  balances: parseStoredList<Balance>(account.balances),
  refundGraceMs: account.refundGraceMs,
  generationLimitMs: account.generationLimitMs,
})

/** The address of each link: the account's own if it is allowed, else the table's in the language, else in English. */
function resolveLinks(context: ReadContext, language: 'ko' | 'en'): Links {
  const account = currentAccount(context)
  const own = account ? parseStoredRecord<Record<string, string>>(account.links) : {}
  const resolve = (key: LinkKey): string => {
    const replaced = own[key]
    if (replaced !== undefined && isAllowedUrl(replaced)) return replaced
    return context.links[key][language] ?? context.links[key].en
  }
  return Object.fromEntries(linkKeys.map((key) => [key, resolve(key)])) as Links
}

export const linksGet: Handler<'links.get'> = (context, { language }) => resolveLinks(context, language)

function outboundUrl(context: ReadContext, input: RouteArguments<'links.open'>): string | null {
  if ('key' in input) return resolveLinks(context, input.language)[input.key]
  if ('chat' in input) {
    const { account, agent, jobId } = input.chat
    return findJob(context.database, requireAccount(context, account).accountId, agent, jobId).chatUrl
  }
  const { subject, text } = entryInView(context, input.support).entry
  return supportMail(subject, text).url
}

export const linksOpen: Handler<'links.open'> = (context, input) => {
  const url = outboundUrl(context, input)
  if (url === null || !isAllowedUrl(url)) throw new AppError('link_refused')
  return { url }
}
