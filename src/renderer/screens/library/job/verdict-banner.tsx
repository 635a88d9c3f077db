import { useTranslation } from 'react-i18next'
import { creditsInQuestion } from '../../../../shared/refund-answers.ts'
import type { RefundStatus } from '../../../../shared/values.ts'
import type { CaseDetail } from '../../../../shared/views.ts'
import { useFormat } from '../../../i18n/use-format.tsx'
import { useVerdict } from '../../../i18n/use-texts.ts'
import { creditsPath } from '../../../navigation/credits-path.ts'
import { casePath } from '../../../navigation/paths.ts'
import { statusLooks } from '../../../parts/credits/status.ts'
import { StatusIcon } from '../../../parts/credits/status-pill.tsx'
import { InternalLink } from '../../../parts/screen/links.tsx'
import styles from './verdict-banner.module.css'

/** The refund status of a job, its reason, and links to the proof. */
export function VerdictBanner({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const verdict = useVerdict(item)
  const { refundStatus, charged, refunded, matchedCharge } = item
  const newest = item.transactions.at(-1)
  const amounts: Partial<Record<RefundStatus, string>> = {
    partially_refunded: `${format.number(refunded)} / ${format.credits(charged)}`,
    refunded: format.credits(refunded),
    completed: format.credits(charged),
    not_charged: matchedCharge ? format.credits(matchedCharge.amount) : '',
  }
  return (
    <section className={styles.banner} data-tone={statusLooks[refundStatus].tone}>
      <StatusIcon status={refundStatus} />
      <h3 className={`lines ${styles.title}`} aria-live="polite">
        {verdict.title}
      </h3>
      <span className={`num ${styles.amount}`}>{amounts[refundStatus] ?? format.credits(creditsInQuestion(item))}</span>
      <p className={`lines ${styles.why}`}>{verdict.why}</p>
      <p className={styles.links}>
        {newest && (
          <InternalLink to={creditsPath({ row: newest.id })}>
            {t('library.ledgerLink', { count: item.transactions.length })}
          </InternalLink>
        )}
        {matchedCharge && (
          <InternalLink to={casePath({ account: item.account, case: matchedCharge.case })}>
            {t('library.matchedChargeLink')}
          </InternalLink>
        )}
        <InternalLink to={casePath(item)}>{t('library.caseLink')}</InternalLink>
      </p>
    </section>
  )
}
