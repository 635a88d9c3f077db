import { ReceiptText, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { lines } from '../../i18n/format.ts'
import { type CreditsFilter, creditsPath } from '../../navigation/credits-path.ts'
import { EmptyState } from '../../parts/screen/states.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

interface NoRowsProps {
  filter: CreditsFilter
  /** The number of newest rows that the search scanned; null if it covered all rows. */
  searchedNewest: number | null
}

/** The empty ledger: nothing is stored yet, or nothing matches the filter. */
export function NoRows({ filter: { kinds = [], features = [], text }, searchedNewest }: NoRowsProps) {
  const { t } = useTranslation()
  if (kinds.length === 0 && features.length === 0 && !text) {
    return <EmptyState icon={ReceiptText} title={t('credits.empty.all')} reason={t('credits.empty.allReason', lines)} />
  }
  return (
    <EmptyState
      icon={ReceiptText}
      title={t('credits.empty.filtered')}
      reason={
        searchedNewest === null
          ? t('credits.empty.filteredReason', lines)
          : t('credits.searchedNewest', { count: searchedNewest, ...lines })
      }
      action={
        <Link href={creditsPath()} className={buttonClass({ size: 'small' })}>
          <Icon icon={RotateCcw} size={14} />
          {t('credits.empty.showAll')}
        </Link>
      }
    />
  )
}
