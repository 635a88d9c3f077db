import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asksForAttention } from '../../../shared/status-sets.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { useSetMarks } from '../../data/records.ts'
import { lines } from '../../i18n/format.ts'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './case-explanation.module.css'

/** A button that dismisses a case that needs attention; for a dismissed case, its time and a button to reopen it. */
export function DismissedLine({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { setMarks, error } = useSetMarks(item)
  const { dismissedAt } = item.marks
  const open = () => setMarks({ dismissed: false })
  const dismiss = async () => {
    if (await setMarks({ dismissed: true })) toast(t('marks.dismissedToast'), open)
  }
  if (dismissedAt === null && !asksForAttention(item.refundStatus)) return null
  return (
    <div className={styles.step}>
      {dismissedAt === null ? (
        <Button variant="soft" icon={Check} onClick={dismiss}>
          {t('marks.dismiss')}
        </Button>
      ) : (
        <>
          <p className={`lines ${styles.promise}`}>{t('marks.dismissedAt', { at: dismissedAt, ...lines })}</p>
          <Button variant="soft" onClick={open}>
            {t('marks.reopen')}
          </Button>
        </>
      )}
      <Problem error={error} />
    </div>
  )
}
