import type { Notification, NotifiedAccount } from '../../shared/notifications.ts'
import { type Language, signInMethods } from '../../shared/values.ts'
import { label, say } from './messages.ts'

/** Longer prompts are cut: systems show two or three lines. */
const maxText = 120

/** Title and body of a notification: the account if there are several, and prompts and subjects only with `showsText`. */
export function notificationText(
  { kind, account, cases, credits, text, at }: Notification,
  language: Language,
  showsText: boolean,
): { title: string; body: string } {
  const amount = (lng: 'ko' | 'en') => say('notification.credits', lng, { count: credits })
  const inLanguage = (lng: 'ko' | 'en') => {
    if (kind === 'sign_in') return say('notification.signInBody', lng)
    if (kind !== 'expiring' || at === null) return credits > 0 ? amount(lng) : ''
    const day = new Intl.DateTimeFormat(lng, { dateStyle: 'medium' }).format(at)
    return say('notification.expiringBody', lng, { amount: amount(lng), at: day })
  }
  const bodies = language === 'both' ? [inLanguage('en'), inLanguage('ko')] : [inLanguage(language)]
  const shown = showsText && text ? [text.length > maxText ? `${text.slice(0, maxText).toWellFormed()}…` : text] : []
  return {
    title: label(`notification.${kind}`, language, { count: cases.length }),
    body: [account ? accountText(account, language) : '', ...new Set(bodies), ...shown]
      .filter((line) => line !== '')
      .join('\n'),
  }
}

/** The name of an account and how it signs in; imported ones have no name of their own. */
function accountText({ id, displayName, signInMethod }: NotifiedAccount, language: Language): string {
  if (signInMethod !== 'imported') {
    const method = signInMethods.find((known) => known === signInMethod) ?? 'unknown'
    return `${displayName} · ${label(`signIn.${method}`, language)}`
  }
  const number = /-(\d+)$/.exec(id)?.[1]
  return number ? label('account.importedNumber', language, { number }) : label('account.imported', language)
}

/** The path of the page that a notification opens, with its account if there are several. */
export function notificationPath(notification: Notification): string {
  const { account } = notification
  const path = pathOf(notification)
  return account ? `${path}?${new URLSearchParams({ account: account.id })}` : path
}

/** The account in the path of a notification. */
export const accountOfPath = (path: string): string | null => new URLSearchParams(path.split('?')[1]).get('account')

function pathOf({ kind, cases }: Notification): string {
  if (kind === 'reminder') return '/support'
  if (kind === 'expiring') return '/credits'
  if (kind === 'sign_in') return '/overview'
  const [only, another] = cases
  if (only === undefined || another !== undefined) return kind === 'ready' ? '/library' : '/refunds'
  const [, agent, jobId] = /^job:(agent-\d):(.+)$/s.exec(only) ?? []
  if (kind === 'ready' && agent && jobId) return `/library/${agent}/${encodeURIComponent(jobId)}`
  return `/refunds/${encodeURIComponent(only)}`
}
