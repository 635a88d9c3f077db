import { Menu } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useBridge, useCommand, useRoute } from '../data/hooks.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './sidebar.module.css'

/** Opens the menu of the app on Windows, where a window with our title bar has no menu bar. */
export function MenuButton() {
  const { t } = useTranslation()
  const { host } = useBridge()
  const { data: info } = useRoute('app.info', {})
  const open = useCommand('app.menu')
  if (host === 'browser' || info?.platform !== 'win32') return null
  return <IconButton icon={Menu} label={t('nav.menu')} className={styles.menu} onClick={() => open.mutate({})} />
}
