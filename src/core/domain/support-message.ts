/** A message to support with the facts that support asks for. The caller's `say` puts them into words. */

import { answerOf, creditsInQuestion, doubtAt, doubtOf } from '../../shared/refund-answers.ts'
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
export function supportMessage(facts: SupportFacts, words: Words): SupportDraft {
  const { say, time } = words
  const { account, cases, streams } = facts
  const credits = cases.reduce((sum, item) => sum + item.outstanding, 0)
  const readAt = (stream: string) => {
    const at = streams.find((state) => state.stream === stream)?.lastSuccessAt
    return at == null ? say('support.message.neverRead') : time(at)
  }
  const accountLines = [
    line(words, 'account', `${account.displayName} (${account.id})`),
    line(words, 'email', account.email),
    line(words, 'signIn', say(`signIn.${account.signInMethod}`)),
  ]
  const checked = say('support.message.checked', {
    agent1: readAt('jobs:agent-1'),
    agent2: readAt('jobs:agent-2'),
    credits: readAt('credits'),
  })
  return {
    subject: say('support.message.subject', { count: cases.length, credits }),
    text: [
      say('support.message.greeting'),
      joinLines(accountLines),
      ...cases.map((item, index) => caseSection(item, index + 1, facts, words)),
      checked,
      say('support.message.ask'),
    ].join('\n\n'),
  }
}

function caseSection(item: CaseDetail, number: number, { prompts, results }: SupportFacts, words: Words): string {
  const { say } = words
  const add = (name: string, value: string | null) => line(words, name, value)
  const idsOf = (isCharge: boolean) =>
    item.transactions
      .filter(({ kind }) => (kind === 'charge') === isCharge)
      .map(({ id }) => id)
      .join(', ')
  return joinLines([
    say('support.message.case', { number, status: say(`status.${item.refundStatus}`) }),
    add('agent', item.agent && say(`agent.${item.agent}`)),
    add('chat', item.chatTitle),
    add('time', chargedAt(item, words)),
    add('feature', item.kind && say(`feature.${item.kind}`)),
    add('model', item.model),
    add('credits', say('support.message.creditsOf', { charged: item.charged, refunded: item.refunded })),
    add('charge', idsOf(true)),
    add('refund', idsOf(false)),
    add('job', item.jobId),
    add('failure', item.failure && `${item.failure.code} (${item.failure.origin})`),
    add('found', statusFound(item, words)),
    prompts ? add('prompt', item.prompt) : null,
    results && item.thumbnail ? add('result', `${item.thumbnail.id} (${item.thumbnail.mimeType})`) : null,
  ])
}

function chargedAt(item: CaseDetail, { time }: Words): string {
  const charge = item.transactions.find(({ kind }) => kind === 'charge')
  return time(charge?.occurredAt ?? item.since, (charge ?? item).precisionMs)
}

/** What this app found out about the case, as a sentence. */
function statusFound(item: CaseDetail, { say, time }: Words): string {
  const doubt = doubtOf(item)
  const from = doubtAt(item)
  const at = from === null ? '' : time(from)
  const key = doubt ? `doubt.${doubt}` : `finding.${answerOf(item).support}`
  return say(`support.message.${key}`, { count: creditsInQuestion(item), surplus: item.surplus, at })
}

/** A line with the name of a value; null without a value. */
const line = ({ say }: Words, name: string, value: string | null): string | null =>
  value ? say('support.message.line', { name: say(`support.message.${name}`), value }) : null

const joinLines = (lines: readonly (string | null)[]): string => lines.filter((text) => text !== null).join('\n')
