import { AppError } from '../../shared/errors.ts'
import type { Language } from '../../shared/values.ts'
import type { SupportDraft } from '../../shared/views.ts'
import { dayMs } from '../domain/days.ts'
import { supportMail as mailAddress } from '../domain/links.ts'
import { type SupportFacts, supportMessage, type Words } from '../domain/support-message.ts'
import { say } from '../host/messages.ts'
import { findCase } from '../store/cases/case-queries.ts'
import {
  createSupportCase,
  deleteSupportCase,
  listSupportCases,
  restoreSupportCase,
  updateSupportCase,
} from '../store/cases/support.ts'
import { streamStates } from '../store/streams.ts'
import { accountView } from './app.ts'
import { entryInView, type Handler, requireAccount, type WriteContext } from './context.ts'
import { caseDetail } from './refunds.ts'

export const supportList: Handler<'support.list'> = ({ database, scope }) => {
  const { ids, nameOf } = scope()
  const entries = ids.flatMap((id) =>
    listSupportCases(database, id).map((entry) => ({ ...entry, account: nameOf(id) })),
  )
  return entries.sort((a, b) => b.id - a.id)
}

export const supportDraft: Handler<'support.draft'> = (context, input) => {
  const { cases, language, timeZone, prompts, results } = input
  const { database } = context
  const account = requireAccount(context, input.account)
  const facts: SupportFacts = {
    account: accountView(context.database, account),
    cases: cases.map((name) => caseDetail(context, account, findCase(database, account.accountId, name))),
    streams: streamStates(database, account.accountId),
    prompts,
    results,
  }
  const drafts = (language === 'both' ? (['ko', 'en'] as const) : [language]).map((lng) =>
    supportMessage(facts, { say: (key, params) => say(key, lng, params), time: zonedTime(lng, timeZone) }),
  )
  const join = (part: keyof SupportDraft, separator: string) => drafts.map((draft) => draft[part]).join(separator)
  return { subject: join('subject', ' / '), text: join('text', '\n\n――――――――\n\n') }
}

function zonedTime(language: Exclude<Language, 'both'>, timeZone: string): Words['time'] {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB'
  try {
    const date = {
      timeZone,
      year: 'numeric',
      // English dates begin with the day, so a month in digits could be read as the day.
      month: language === 'ko' ? 'numeric' : 'short',
      day: 'numeric',
    } as const
    // A stated day is one in Korea, wherever the app runs.
    const day = new Intl.DateTimeFormat(locale, { ...date, timeZone: 'Asia/Seoul' })
    const time = new Intl.DateTimeFormat(locale, {
      ...date,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'shortOffset',
    })
    return (at, precisionMs = 1) => (precisionMs >= dayMs ? day : time).format(at)
  } catch (error) {
    throw new AppError('invalid_input', { field: 'timeZone' }, { cause: error })
  }
}

export const supportMail: Handler<'support.mail'> = (context, input) => {
  const { subject, text } = 'id' in input ? entryInView(context, input.id).entry : input
  return mailAddress(subject, text)
}

/** Runs a change of the support diary and publishes it. */
function change<T>(context: WriteContext, apply: (now: number) => T): T {
  const result = apply(context.clock.now())
  context.publish({ type: 'data', jobs: 0, transactions: 0, cases: 1, account: false })
  return result
}

export const supportSave: Handler<'support.save'> = (context, { account, ...message }) =>
  change(context, (now) => {
    const { accountId } = requireAccount(context, account)
    for (const name of message.cases) findCase(context.database, accountId, name)
    return createSupportCase(context.database, accountId, message, now)
  })

export const supportUpdate: Handler<'support.update'> = (context, { id, ...patch }) =>
  change(context, (now) => updateSupportCase(context.database, entryInView(context, id).accountId, id, patch, now))

export const supportRestore: Handler<'support.restore'> = (context, { account, ...entry }) =>
  change(context, () =>
    restoreSupportCase(context.database, requireAccount(context, account ?? undefined).accountId, entry),
  )

export const supportDelete: Handler<'support.delete'> = (context, { id }) =>
  change(context, () => {
    deleteSupportCase(context.database, entryInView(context, id).accountId, id)
    return null
  })
