import { useTranslation } from 'react-i18next'
import type en from '../../../resources/locales/en.json'
import type { CaseItem } from '../../shared/views.ts'

type Table = typeof en.refunds.verdict
type Answer = { [Status in keyof Table]: `${Status}.${keyof Table[Status] & string}` }[keyof Table]

/** What became of a case's credits, why, and what would change that: one row of the table `refunds.verdict`. */
export function useVerdict({ refundStatus, reason, charged, refunded, outstanding, deadlineAt }: CaseItem) {
  const { t } = useTranslation()
  // A refund that came in part is told by a row of its own.
  const part = refundStatus === 'refund_missing' && refunded > 0
  const answer = `${refundStatus}.${part ? 'part_refunded' : reason}` as Answer
  const values = { charged, refunded, outstanding, deadline: deadlineAt, separator: '\n' }
  return {
    title: t(`refunds.verdict.${answer}.title`, values),
    why: t(`refunds.verdict.${answer}.why`, values),
    change: t(`refunds.verdict.${answer}.change`, values),
  }
}
