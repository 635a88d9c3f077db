import { useTranslation } from 'react-i18next'
import type en from '../../../resources/locales/en.json'
import { wordsReason } from '../../shared/refund-answers.ts'
import type { CaseItem } from '../../shared/views.ts'

type Table = typeof en.refunds.verdict
type Answer = { [Status in keyof Table]: `${Status}.${keyof Table[Status] & string}` }[keyof Table]

/** The texts of a case's verdict from the table `refunds.verdict`: title, explanation and what would change it. */
export function useVerdict(item: CaseItem) {
  const { refundStatus, charged, refunded, outstanding, deadlineAt } = item
  const { t } = useTranslation()
  const answer = `${refundStatus}.${wordsReason(item)}` as Answer
  const values = { charged, refunded, outstanding, deadline: deadlineAt, separator: '\n' }
  return {
    title: t(`refunds.verdict.${answer}.title`, values),
    why: t(`refunds.verdict.${answer}.why`, values),
    change: t(`refunds.verdict.${answer}.change`, values),
  }
}
