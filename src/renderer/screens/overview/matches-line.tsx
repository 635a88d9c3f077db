import { ImagePlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { middleDot } from '../../i18n/format.ts'
import { refundsPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './waiting.module.css'

/** A line about charges that wait for the user's decision which results belong to them. */
export function MatchesLine({ count }: { count: number }) {
  const { t } = useTranslation()
  return (
    <p className={styles.waiting} data-matches={count}>
      <span className="tone" data-tone="teal">
        <Icon icon={ImagePlus} size={18} />
      </span>
      <span>
        <InternalLink to={refundsPath({ tab: 'matches' })}>{t('overview.matches.count', { count })}</InternalLink>
        {`${middleDot}${t('overview.matches.what')}`}
      </span>
    </p>
  )
}
