import { FlaskConical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useIsSample } from '../../data/account.ts'
import { useHashPath } from '../../navigation/hash-location.ts'
import { importPath } from '../../navigation/paths.ts'
import { Icon } from '../../ui/icon.tsx'
import { InternalLink } from './links.tsx'
import styles from './sample-banner.module.css'

/** Says on every screen that the records are those of a sample account, with the way to the user's own. */
export function SampleBanner() {
  const { t } = useTranslation()
  const isShown = useIsSample()
  const [path] = useHashPath()
  if (!isShown) return null
  return (
    <aside className={styles.banner} aria-label={t('history.sample.label')}>
      <Icon icon={FlaskConical} size={14} />
      <span>{t('history.sample.banner')}</span>
      {path !== importPath() && <InternalLink to={importPath()}>{t('history.bring')}</InternalLink>}
    </aside>
  )
}
