import { useTranslation } from 'react-i18next'
import { answerOf, creditsInQuestion, doubtAt, doubtOf, type NotedReason } from '../../../shared/refund-answers.ts'
import { isLost } from '../../../shared/status-sets.ts'
import type { CaseItem } from '../../../shared/views.ts'
import { now } from '../../data/clock.ts'
import { precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'

/** The texts of a case's row in the list. */
export function useRowTexts(item: CaseItem) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  const { refundStatus, reason, outcome, charged, refunded, outstanding, since, deadlineAt } = item

  const amounts: Partial<Record<typeof refundStatus, string>> = {
    refunded: format.number(refunded),
    partially_refunded: `${format.number(refunded)} / ${format.number(charged)}`,
    completed: format.number(outstanding),
  }
  const precision = precisionOf(item.precisionMs)
  const when = format.dateTime(since, precision)
  const time = () => {
    if (reason === 'generating') return labels.outcome(outcome)
    if (deadlineAt === null) return when
    return format.wait(deadlineAt, { short: now() > deadlineAt, precision })
  }
  const note = () => {
    const doubt = doubtOf(item)
    if (doubt) return t(`refunds.doubt.${doubt}.note`, { at: doubtAt(item), amount: item.surplus })
    if (item.unread.length > 0) {
      return `${item.unread.map(labels.stream).join(', ')} ${t('refunds.unread')}`
    }
    if (reason === 'generating') return t('refunds.running', { duration: now() - since })
    return answerOf(item).noted && t(`refunds.note.${reason as NotedReason}`)
  }
  return {
    amount:
      amounts[refundStatus] ?? (outstanding < 0 ? format.signed(-outstanding) : format.number(creditsInQuestion(item))),
    about: item.prompt ?? t('refunds.charge', { when }),
    time: time(),
    overdue: isLost(refundStatus),
    note: note(),
  }
}
