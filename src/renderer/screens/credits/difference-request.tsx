import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Reconciliation } from '../../../shared/views.ts'
import { copyText } from '../../data/clipboard.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useErrorText } from '../../i18n/use-texts.ts'
import { ExternalLink } from '../../parts/screen/links.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './ledger-check.module.css'

/** A request to support about a difference that nothing explains. Copying it keeps it in the diary, the same text once. */
export function DifferenceRequest({ reconciliation }: { reconciliation: Reconciliation }) {
  const { t } = useTranslation()
  const format = useFormat()
  const toast = useToast()
  const errorText = useErrorText()
  const { data: account } = useRoute('account.get', {})
  const { data: diary } = useRoute('support.list', {})
  const save = useCommand('support.save')
  if (!account) return null
  const { stated, statedAt, difference, unexplained } = reconciliation
  const text = t('credits.check.request', {
    account: account.id,
    stated,
    at: format.full(statedAt),
    ledger: stated - (difference ?? 0),
    amount: Math.abs(unexplained),
    ...lines,
  })
  const copy = async () => {
    if (!(await copyText(text))) return toast(t('common.copyFailed', lines))
    const done = () => toast(t('support.new.copied'))
    if (diary?.some((entry) => entry.text === text)) return done()
    const subject = t('credits.check.requestSubject')
    save.mutate({ cases: [], subject, text }, { onSuccess: done, onError: (error) => toast(errorText(error)) })
  }
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
