import { useTranslation } from 'react-i18next'
import type { CaseDetail, Evidence } from '../../../shared/views.ts'
import { now } from '../../data/clock.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-labels.ts'

const separator = '\n'
const knownOrigins = ['system', 'policy', 'user'] as const

/** One line of proof in words: the claim, its detail, and which stream said so when. */
export function useEvidenceText(line: Evidence, { outcome, failure }: CaseDetail) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  const readTime = useReadTime()
  const { claim, stream, readAt, at } = line
  const when = at === null ? '' : format.dateTime(at)
  // The ledger signs its amounts; a sentence does not.
  const amount = Math.abs(line.amount ?? 0)

  return { claim: claimText(), detail: detailText(), source: sourceText() }

  function claimText(): string {
    if (claim === 'results') return t('refunds.evidence.results.claim', { count: amount, separator })
    if (claim !== 'job_status') return t(`refunds.evidence.${claim}.claim`, { amount, separator })
    if (outcome !== 'failed') return t(`refunds.evidence.job.${outcome as ToldOutcome}`, { separator })
    const origin = knownOrigins.find((one) => one === failure?.origin) ?? 'unknown'
    return t(`refunds.evidence.job.failed_${origin}`, { separator })
  }

  function detailText(): string {
    switch (claim) {
      case 'job_status':
        if (failure) return `${when} · ${t('refunds.evidence.errorCode', { code: failure.code })}`
        return line.detail ? `${when} · ${t('refunds.evidence.state', { state: line.detail })}` : when
      case 'charged':
        return line.detail ? `${when} · ${labels.source(line.detail)} ${t('refunds.evidence.credits')}` : when
      case 'not_charged':
      case 'refunded':
      case 'charge_withdrawn':
      case 'refund_withdrawn':
        return when
      default:
        return t(`refunds.evidence.${claim}.detail`, { at, separator })
    }
  }

  function sourceText(): string {
    if (claim === 'wait_over_read_after') return t('refunds.evidence.wait_over_read_after.source', { at })
    if (stream === null) return at === null ? '' : format.wait(at)
    return `${labels.stream(stream)} · ${readTime(readAt)}`
  }
}

/** When a stream was last read whole, in words: the time alone where that was today. */
export function useReadTime(): (readAt: number | null) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (readAt) => {
    if (readAt === null) return t('refunds.evidence.notRead')
    return format.dayKey(readAt) === format.dayKey(now()) ? format.time(readAt) : format.dateTime(readAt)
  }
}

/** The outcomes that a line of its own tells; a failure is told by its origin, and a charge alone has no job. */
type ToldOutcome = Exclude<CaseDetail['outcome'], 'failed' | 'no_job'>
