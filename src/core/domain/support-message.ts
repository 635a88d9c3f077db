/** A message to support with the facts that support asks for. The caller's `say` puts them into words. */

import { answerOf, creditsInQuestion, doubtOf } from '../../shared/refund-answers.ts'
import type { AccountView, CaseDetail, StreamState, SupportDraft } from '../../shared/views.ts'

export interface SupportFacts {
  account: Pick<AccountView, 'id' | 'displayName' | 'email' | 'signInMethod'>
  cases: readonly CaseDetail[]
  streams: readonly StreamState[]
  /** Whether the user ticked prompts and results; otherwise the message leaves them out. */
  prompts: boolean
  results: boolean
}

export interface Words {
  /** A sentence of the message by key; parameters are already words. */
  say(key: string, params?: Record<string, string | number>): string
  /** A time with its time zone; only the day if it lasts a day or longer. */
  time(at: number, precisionMs?: number): string
}

/** The message in one language. */
export function supportMessage(facts: SupportFacts, { say, time }: Words): SupportDraft {
  const credits = facts.cases.reduce((sum, item) => sum + item.outstanding, 0)
  const readAt = (stream: string) => {
    const at = facts.streams.find((state) => state.stream === stream)?.lastSuccessAt
    return at == null ? say('support.message.neverRead') : time(at)
  }
  const { account } = facts
  const sections = facts.cases.map((item, index) => {
    const rows = (kind: 'charge' | 'refund') =>
      item.transactions.filter((row) => (row.kind === 'charge') === (kind === 'charge'))
    const ids = (kind: 'charge' | 'refund') =>
      rows(kind)
        .map(({ id }) => id)
        .join(', ')
    const lines = [
      say('support.message.case', { number: index + 1, status: say(`status.${item.refundStatus}`) }),
      line('agent', item.agent && say(`agent.${item.agent}`)),
      line('chat', item.chatTitle),
      line('time', chargedAt(item)),
      line('feature', item.kind && say(`feature.${item.kind}`)),
      line('model', item.model),
      line('credits', say('support.message.creditsOf', { charged: item.charged, refunded: item.refunded })),
      line('charge', ids('charge')),
      line('refund', ids('refund')),
      line('job', item.jobId),
      line('failure', item.failure && `${item.failure.code} (${item.failure.origin})`),
      line('found', found(item)),
      facts.prompts ? line('prompt', item.prompt) : null,
      facts.results && item.thumbnail ? line('result', `${item.thumbnail.id} (${item.thumbnail.mimeType})`) : null,
    ]
    return lines.filter((text) => text !== null).join('\n')
  })
  function chargedAt(item: CaseDetail): string {
    const charge = item.transactions.find(({ kind }) => kind === 'charge')
    return time(charge?.occurredAt ?? item.since, (charge ?? item).precisionMs)
  }
  function found(item: CaseDetail): string {
    const doubt = doubtOf(item)
    const at = item.historyEndsAt === null ? '' : time(item.historyEndsAt)
    const key = doubt ? `doubt.${doubt}` : `finding.${answerOf(item).support}`
    return say(`support.message.${key}`, { count: creditsInQuestion(item), surplus: item.surplus, at })
  }
  function line(name: string, value: string | null): string | null {
    return value ? say('support.message.line', { name: say(`support.message.${name}`), value }) : null
  }
  const who = [
    line('account', `${account.displayName} (${account.id})`),
    line('email', account.email),
    line('signIn', say(`signIn.${account.signInMethod}`)),
  ]
  const checked = say('support.message.checked', {
    agent1: readAt('jobs:agent-1'),
    agent2: readAt('jobs:agent-2'),
    credits: readAt('credits'),
  })
  return {
    subject: say('support.message.subject', { count: facts.cases.length, credits }),
    text: [
      say('support.message.greeting'),
      who.filter((text) => text !== null).join('\n'),
      ...sections,
      checked,
      say('support.message.ask'),
    ].join('\n\n'),
  }
}
