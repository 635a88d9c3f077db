import { CircleUserRound } from 'lucide-react'
import { Icon } from '../../ui/icon.tsx'
import styles from './account-badge.module.css'
import { useAccountTexts } from './account-label.ts'

interface AccountBadgeProps {
  /** The account of a record; null in a view of one account, where nothing is shown. */
  account: string | null
  /** `onPicture` over a thumbnail. */
  look?: 'default' | 'onPicture'
}

/** The account of a record in a view of all accounts. */
export function AccountBadge({ account, look = 'default' }: AccountBadgeProps) {
  return account === null ? null : <Badge account={account} look={look} />
}

function Badge({ account, look }: { account: string; look: 'default' | 'onPicture' }) {
  const { label, short } = useAccountTexts()(account)
  return (
    <span className={`${styles.badge} ${look === 'onPicture' ? styles.onPicture : ''}`} title={label}>
      <Icon icon={CircleUserRound} size={14} />
      <span className="clip" aria-hidden="true">
        {short}
      </span>
      <span className="sr-only">{label}</span>
    </span>
  )
}
