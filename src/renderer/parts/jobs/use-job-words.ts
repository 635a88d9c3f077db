import { useTranslation } from 'react-i18next'
import { answerOf } from '../../../shared/refund-answers.ts'
import type { Outcome } from '../../../shared/values.ts'
import type { JobItem } from '../../../shared/views.ts'
import { useNow } from '../../data/clock.ts'
import { middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'

const maxSpokenLength = 120

/** Texts for a job without a result: its outcome and the state of its credits. */
export function useJobWords(job: JobItem): { happened: string; credits: string } {
  const { t } = useTranslation()
  const labels = useLabels()
  const time = useNow()
  const { outcome, refundStatus, refundReason: reason, charged, refunded, dueAt } = job

  if (reason === 'generating') {
    const waits = outcome === 'queued'
    return {
      happened: `${job.model}${middleDot}${labels.kind(job.kind)}`,
      credits: waits ? t('library.happened.queued') : t('library.happened.running', { duration: time - job.createdAt }),
    }
  }
  const { happened, credits } = answerOf({ refundStatus, reason, refunded })
  const amount = credits === 'refunded' ? refunded : charged - refunded
  return {
    happened: t(`library.happened.${happened ?? happenedBy[outcome]}`),
    credits: t(`library.credits.${credits}`, { amount, at: dueAt }),
  }
}

/** The words for an outcome without a result. */
const happenedBy = {
  queued: 'stuck',
  running: 'stuck',
  succeeded: 'no_result',
  failed: 'failed',
  canceled: 'canceled',
  unknown: 'unknown_status',
  no_job: 'stuck',
} as const satisfies Record<Outcome, string>

/** The accessible name of a job: prompt and kind, then its state. */
export function useJobName(job: JobItem): string {
  const labels = useLabels()
  const format = useFormat()
  const { results, resultCount, refundStatus } = job
  const [first] = results
  return [
    captionOf(job) || job.model,
    labels.kind(job.kind),
    first?.durationMs ? format.clip(first.durationMs) : '',
    resultCount === 1 ? '' : labels.results(resultCount),
    showsStatus(job) ? labels.status(refundStatus) : '',
    labels.agent(job.agent),
    format.dateTime(job.createdAt),
    job.removedAt === null ? '' : labels.removed,
  ]
    .filter(Boolean)
    .join(', ')
}

/** The caption of a job: the beginning of its prompt, else the name of its file. */
export const captionOf = ({ prompt, fileName }: Pick<JobItem, 'prompt' | 'fileName'>): string =>
  truncated(prompt || (fileName ?? ''))

/** Whether a job shows its status: not if it is completed, and not if it is a file of a folder without a charge. */
export const showsStatus = ({ refundStatus, fileName }: Pick<JobItem, 'refundStatus' | 'fileName'>): boolean =>
  refundStatus !== 'completed' && !(fileName !== null && refundStatus === 'not_charged')

/** Truncates a long text to its beginning, for accessible names. */
export const truncated = (text: string): string =>
  text.length > maxSpokenLength ? `${text.slice(0, maxSpokenLength)}…` : text
