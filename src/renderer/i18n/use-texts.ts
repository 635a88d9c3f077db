import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../shared/errors.ts'
import type { MatchedCharge } from '../../shared/matches.ts'
import { answerKey, doubtAt, doubtOf } from '../../shared/refund-answers.ts'
import type { CaseItem } from '../../shared/views.ts'
import { lines, precisionOf } from './format.ts'
import type { Labels } from './labels.ts'
import { useWords } from './use-format.tsx'

/** The labels in the language of the page. */
export const useLabels = (): Labels => useWords().labels

/** The sentence of an error: what happened and what to do. */
export function useErrorText(): (error: ErrorView) => string {
  const { t } = useTranslation()
  return ({ code, params }) => t(`error.${code}`, { ...params, ...lines })
}

/** The texts of a case's verdict from the table `refunds.verdict`: title, explanation and what would change it. */
export function useVerdict(item: CaseItem) {
  const { charged, refunded, outstanding, deadlineAt, surplus } = item
  const { t } = useTranslation()
  const answer = answerKey(item)
  if (item.matchedCharge) return matchedJob(item.matchedCharge)
  const precision = precisionOf(item.precisionMs)
  const values = { charged, refunded, outstanding, deadline: deadlineAt, precision, ...lines }
  return { title: t(`refunds.verdict.${answer}.title`, values), ...reasoning() }

  function matchedJob({ amount, by, probability }: MatchedCharge) {
    return {
      title: t('refunds.matchedJob.title', { amount }),
      why:
        by === 'user'
          ? t('refunds.matchedJob.confirmed')
          : t('refunds.matchedJob.found', { percent: Math.floor((probability ?? 0) * 100) }),
      change: t('refunds.matchedJob.change'),
    }
  }

  function reasoning(): { why: string; change: string } {
    const doubt = doubtOf(item)
    if (doubt) {
      const known = { at: doubtAt(item), amount: surplus, ...lines }
      return { why: t(`refunds.doubt.${doubt}.why`, known), change: t(`refunds.doubt.${doubt}.change`, known) }
    }
    // A row that states no millisecond comes from a table, which never shows that a result is missing.
    const isFromTable = item.precisionMs > 1 && answer === 'in_progress.awaiting_job'
    return {
      why: t(`refunds.verdict.${answer}.why`, values),
      change: t(isFromTable ? 'refunds.changeFromTable' : `refunds.verdict.${answer}.change`, values),
    }
  }
}
