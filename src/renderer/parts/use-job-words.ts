import { useTranslation } from 'react-i18next'
import type { JobItem } from '../../shared/views.ts'
import { useNow } from '../data/clock.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { useLabels } from '../i18n/use-texts.ts'

const maxSpokenLength = 120

/** Texts for a job without a result: its outcome and the state of its credits. */
export function useJobWords(job: JobItem): { happened: string; credits: string } {
  const { t } = useTranslation()
  const labels = useLabels()
  const time = useNow()
  const { outcome, refundStatus, refundReason, charged, refunded, dueAt } = job

  if (refundReason === 'generating') {
    const waits = outcome === 'queued'
    return {
      happened: `${job.model} · ${labels.kind(job.kind)}`,
      credits: waits ? t('library.happened.queued') : t('library.happened.running', { duration: time - job.createdAt }),
    }
  }
  return { happened: happened(), credits: credits() }

  function happened(): string {
    if (refundReason === 'awaiting_result' || refundReason === 'policy_block') {
      return t(`library.happened.${refundReason}`)
    }
    if (outcome === 'canceled' || outcome === 'failed') return t(`library.happened.${outcome}`)
    if (outcome === 'succeeded') return t('library.happened.no_result')
    return t(`library.happened.${outcome === 'unknown' ? 'unknown_status' : 'stuck'}`)
  }

  function credits(): string {
    const amount = charged - refunded
    switch (refundStatus) {
      case 'refund_pending':
        return t('library.credits.refund_pending', { amount, at: dueAt })
      case 'in_progress':
        return t('library.credits.awaiting_result', { at: dueAt })
      case 'refund_missing':
        return t('library.credits.refund_missing', { amount })
      case 'refunded':
        return t('library.credits.refunded', { amount: refunded })
      case 'not_charged':
      case 'cannot_tell':
        return t(`library.credits.${refundStatus}`)
      default:
        return refunded > charged
          ? t('library.credits.refunded', { amount: refunded })
          : t('library.credits.charged', { amount })
    }
  }
}

/** The accessible name of a job: prompt and kind, then its state. */
export function useJobName(job: JobItem): string {
  const { t } = useTranslation()
  const labels = useLabels()
  const format = useFormat()
  const { results, resultCount, refundStatus } = job
  const [first] = results
  return [
    briefly(job.prompt) || job.model,
    labels.kind(job.kind),
    first?.durationMs ? format.clip(first.durationMs) : '',
    resultCount === 1 ? '' : t('library.results', { count: resultCount }),
    refundStatus === 'completed' ? '' : labels.status(refundStatus),
    t(`agent.${job.agent}`),
    format.dateTime(job.createdAt),
    job.removedAt === null ? '' : t('library.removed'),
  ]
    .filter(Boolean)
    .join(', ')
}

/** Truncates a long text to its beginning, for accessible names. */
export const briefly = (text: string): string =>
  text.length > maxSpokenLength ? `${text.slice(0, maxSpokenLength)}…` : text
