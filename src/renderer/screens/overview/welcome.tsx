import { FileInput, FlaskConical, Plug, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsSample } from '../../data/account.ts'
import { useSettings } from '../../data/settings.ts'
import { lines } from '../../i18n/format.ts'
import { importPath } from '../../navigation/paths.ts'
import { ConnectDialog } from '../../parts/screen/later-dialogs.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './welcome.module.css'

/** The three ways to begin, above the sample account until the user closes them. */
export function Welcome() {
  const { t } = useTranslation()
  const id = useId()
  const isSample = useIsSample()
  const [connects, setConnects] = useState(false)
  const [settings, update] = useSettings()
  if (!isSample || !settings || settings.welcomeDismissed) return null
  const dismiss = () => update({ welcomeDismissed: true })
  return (
    <section aria-labelledby={id} className={styles.welcome}>
      <div className={styles.top}>
        <div>
          <h2 id={id} className={`lines ${styles.title}`}>
            {t('history.welcome.title', lines)}
          </h2>
          <p className={`lines ${styles.lead}`}>{t('history.welcome.lead', lines)}</p>
        </div>
        <IconButton icon={X} label={t('common.close')} size="small" onClick={dismiss} />
      </div>
      <ul className={styles.choices}>
        <li>
          <Icon icon={FileInput} size={18} />
          <h3>{t('history.bring')}</h3>
          <p className="lines">{t('history.welcome.bring', lines)}</p>
          <InternalLink to={importPath()} button={{ variant: 'primary' }}>
            {t('history.welcome.bringAction')}
          </InternalLink>
        </li>
        <li>
          <Icon icon={Plug} size={18} />
          <h3>{t('history.welcome.connectTitle')}</h3>
          <p className="lines">{t('history.welcome.connect', lines)}</p>
          <Button onClick={() => setConnects(true)}>{t('history.welcome.connectAction')}</Button>
        </li>
        <li>
          <Icon icon={FlaskConical} size={18} />
          <h3>{t('history.welcome.sampleTitle')}</h3>
          <p className="lines">{t('history.welcome.sample', lines)}</p>
          <Button onClick={dismiss}>{t('history.welcome.sampleAction')}</Button>
        </li>
      </ul>
      <ConnectDialog open={connects} onClose={() => setConnects(false)} />
    </section>
  )
}
