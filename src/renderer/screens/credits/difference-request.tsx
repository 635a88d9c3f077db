import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Reconciliation } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { ExternalLink } from '../../parts/links.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './ledger-check.module.css'

/** A request to support about a difference that nothing explains: its text, to copy, and the way to support. */
export function DifferenceRequest({ reconciliation }: { reconciliation: Reconciliation }) {
  const { t } = useTranslation()
  const format = useFormat()
  const toast = useToast()
  const { data: account } = useRoute('account.get', {})
  if (!account) return null
  const { stated, statedAt, difference, unexplained } = reconciliation
  const text = t('credits.check.request', {
    account: account.id,
    stated,
    at: format.full(statedAt),
    ledger: stated - (difference ?? 0),
    amount: Math.abs(unexplained),
    separator: '\n',
  })
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast(t('common.copied')),
      () => toast(t('support.new.copyFailed', { separator: '\n' })),
    )
  return (
    <div className={styles.request} data-unexplained={unexplained}>
      <p className={`lines ${styles.quote}`}>{text}</p>
      <p className={styles.links}>
        <Button size="small" icon={Copy} onClick={copy}>
          {t('credits.check.copyRequest')}
        </Button>
        <ExternalLink to="support">{t('nav.support')}</ExternalLink>
      </p>
    </div>
  )
}
