import { Link2Off } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLapsedNotice } from '../../../data/renewals.ts'
import { lines } from '../../../i18n/format.ts'
import { InternalLink } from '../../../parts/screen/links.tsx'
import { Notice } from '../../../parts/screen/notice.tsx'

/** Says once that the addresses of many files in view have lapsed, what the app does about it, and what the user can do. */
export function LapsedFiles() {
  const { t } = useTranslation()
  const reason = useLapsedNotice()
  if (reason === null) return null
  return (
    <Notice tone="grey" icon={Link2Off} title={t('library.lapsed.title')} body={t(`library.lapsed.${reason}`, lines)}>
      {reason === 'lapsed' && (
        <InternalLink to="/settings" button={{ size: 'small' }}>
          {t('library.lapsed.keep')}
        </InternalLink>
      )}
    </Notice>
  )
}
