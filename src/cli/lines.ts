/** One line per record for people: fixed-width facts first, free text last. */
import { dayMs, dayOf } from '../core/domain/days.ts'
import { say } from '../core/host/messages.ts'
import { doubtAt, doubtOf } from '../shared/refund-answers.ts'
import { type Agent, type Language, transactionKinds } from '../shared/values.ts'
import type { CaseItem, Finding, JobItem, LedgerItem } from '../shared/views.ts'

const two = (value: number) => String(value).padStart(2, '0')

/** Local time, the same in every language: `2026-01-28 20:41`; only the day, which is one in Korea, if the time lasts a day. */
export function localTime(time: number, precisionMs = 1): string {
  if (precisionMs >= dayMs) return `${dayOf(time, 'Asia/Seoul')}      `
  const date = new Date(time)
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const agentName = (agent: Agent | null) => (agent === null ? '–  ' : agent === 'agent-1' ? '1.0' : '2.0')
const signed = (amount: number) => `${amount < 0 ? '−' : '+'}${Math.abs(amount)}`.padStart(7)
/** Control characters in a prompt must not reach the terminal. */
export const oneLine = (text: string | null) => (text ?? '').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()

/** The account of a record of all accounts, in front of its line. */
const accountColumn = ({ account }: { account: string | null }) => (account === null ? [] : [account])

export const jobLine = (job: JobItem, language: Language): string =>
  [
    ...accountColumn(job),
    localTime(job.createdAt),
    agentName(job.agent),
    signed(job.refunded - job.charged),
    say(`status.${job.refundStatus}`, language),
    oneLine(job.model),
    oneLine(job.prompt || job.fileName),
  ].join('  ')

function doubtText(item: CaseItem, language: Language): string {
  const doubt = doubtOf(item)
  if (!doubt) return ''
  const time = doubtAt(item)
  const at = time === null ? '' : localTime(time)
  return ` (${say(`cli.doubt.${doubt}`, language, { at, amount: item.surplus })})`
}

export const caseLine = (item: CaseItem, language: Language): string =>
  [
    ...accountColumn(item),
    localTime(item.since, item.precisionMs),
    agentName(item.agent),
    String(item.outstanding).padStart(6),
    say(`status.${item.refundStatus}`, language) + doubtText(item, language),
    oneLine(item.model),
    oneLine(item.prompt ?? item.case),
  ].join('  ')

export const findingLine = (finding: Finding, language: Language): string =>
  [
    ...accountColumn(finding),
    localTime(finding.at),
    String(finding.amount).padStart(6),
    say(`credits.check.finding.${finding.kind}.title`, language),
    finding.transactionIds.join(' '),
    oneLine(finding.prompt),
  ].join('  ')

export const creditLine = (row: LedgerItem, language: Language): string =>
  [
    ...accountColumn(row),
    localTime(row.occurredAt, row.precisionMs),
    agentName(row.agent),
    signed(row.amount),
    String(row.runningBalance ?? '').padStart(7),
    say(`transaction.${transactionKinds.find((kind) => kind === row.kind) ?? 'unknown'}`, language),
    oneLine(row.model),
    oneLine(row.prompt ?? row.memo),
  ].join('  ')
