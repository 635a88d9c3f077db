import { useTranslation } from 'react-i18next'
import type { CaseDetail, Evidence } from '../../../shared/views.ts'
import { now } from '../../data/clock.ts'
import { lines, middleDot, precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'

const knownOrigins = ['system', 'policy', 'user'] as const

/** The texts of a line of evidence: the claim, its detail, and its stream with the time of reading. */
export function useEvidenceText(line: Evidence, item: CaseDetail) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  const readTime = useReadTime()
  const { claim, stream, readAt, at } = line
  const { outcome, failure, transactions } = item
  const ofRow = transactions.find(({ occurredAt }) => occurredAt === at)
  // The end of the wait is as exact as its start.
  const precision = precisionOf((at === item.deadlineAt ? item : ofRow)?.precisionMs ?? 1)
  const when = at === null ? '' : format.dateTime(at, precision)
  const amount = line.amount ?? 0

  return { claim: claimText(), detail: detailText(), source: sourceText() }

  function claimText(): string {
    if (claim === 'results' || claim === 'possible_job' || claim === 'match_confirmed') {
      return t(`refunds.evidence.${claim}.claim`, { count: amount, ...lines })
    }
    if (claim === 'results_short') {
      return t('refunds.evidence.results_short.claim', { count: amount, requested: Number(line.detail), ...lines })
    }
    if (claim === 'match_found' || claim === 'match_any') {
      return t(`refunds.evidence.${claim}.claim`, { percent: Number(line.detail), count: amount, at, ...lines })
    }
    if (claim === 'refunded_as' || claim === 'possible_refund_as') {
      const kind = labels.transaction(line.detail ?? '')
      return t(`refunds.evidence.${claim}.claim`, { amount, kind, ...lines })
    }
    if (claim === 'match_charge') {
      const by = line.detail === null ? 'confirmed' : 'found'
      return t(`refunds.evidence.match_charge.${by}`, { amount, percent: Number(line.detail), ...lines })
    }
    if (claim !== 'job_status') return t(`refunds.evidence.${claim}.claim`, { amount, at, precision, ...lines })
    if (outcome !== 'failed') return t(`refunds.evidence.job.${outcome as OutcomeWithText}`, lines)
    const origin = knownOrigins.find((known) => known === failure?.origin) ?? 'unknown'
    return t(`refunds.evidence.job.failed_${origin}`, lines)
  }

  function detailText(): string {
    switch (claim) {
      case 'job_status':
        if (failure) return `${when}${middleDot}${t('refunds.evidence.errorCode', { code: failure.code })}`
        return line.detail ? `${when}${middleDot}${t('refunds.evidence.state', { state: line.detail })}` : when
      case 'charged':
        return line.detail ? `${when}${middleDot}${labels.source(line.detail)} ${t('refunds.evidence.credits')}` : when
      case 'match_charge':
      case 'not_charged':
      case 'refunded':
      case 'refunded_as':
      case 'refund_lapsed':
      case 'taken_back':
      case 'possible_refund':
      case 'possible_refund_as':
      case 'charge_retracted':
      case 'refund_retracted':
        return when
      default:
        return t(`refunds.evidence.${claim}.detail`, { at, precision, ...lines })
    }
  }

  function sourceText(): string {
    if (claim === 'wait_over_read_after') return t('refunds.evidence.wait_over_read_after.source', { at, precision })
    if (stream === 'import') return t('refunds.evidence.imported')
    if (claim === 'match_confirmed') return when
    if (claim === 'match_found') return ''
    if (stream === null) return at === null ? '' : format.wait(at, { precision })
    return `${labels.stream(stream)}${middleDot}${readTime(readAt)}`
  }
}

/** Formats when a stream was last read completely; only the time if that was today. */
export function useReadTime(): (readAt: number | null) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (readAt) => {
    if (readAt === null) return t('refunds.evidence.notRead')
    return format.dayKey(readAt) === format.dayKey(now()) ? format.time(readAt) : format.dateTime(readAt)
  }
}

/** Outcomes with a text of their own; the text of a failure depends on its origin, and `no_job` has no job status. */
type OutcomeWithText = Exclude<CaseDetail['outcome'], 'failed' | 'no_job'>
