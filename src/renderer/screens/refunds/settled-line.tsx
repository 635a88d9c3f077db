import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { attentionStatuses, type RefundStatus } from '../../../shared/values.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { useSetMarks } from '../../data/marks.ts'
import { useErrorText } from '../../i18n/use-error-text.ts'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './case-explanation.module.css'

/** Lets the user settle a case that asks for attention, and says where that was done. */
export function SettledLine({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const { setMarks, error } = useSetMarks(item.case)
  const { settledAt } = item.marks
  const open = () => setMarks({ settled: false })
  const settle = async () => {
    if (await setMarks({ settled: true })) toast(t('marks.settledToast'), open)
  }
  if (settledAt === null && !(attentionStatuses as readonly RefundStatus[]).includes(item.refundStatus)) return null
  return (
    <div className={styles.step}>
      {settledAt === null ? (
        <Button variant="soft" icon={Check} onClick={settle}>
          {t('marks.settle')}
        </Button>
      ) : (
        <>
          <p className={`lines ${styles.promise}`}>{t('marks.settledAt', { at: settledAt, separator: '\n' })}</p>
          <Button variant="soft" onClick={open}>
            {t('marks.reopen')}
          </Button>
        </>
      )}
      {error && (
        <p className={`lines ${styles.contact}`} role="alert">
          {errorText(error)}
        </p>
      )}
    </div>
  )
}
