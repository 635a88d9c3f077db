import { useTranslation } from 'react-i18next'
import { useReady } from '../../data/ready.ts'
import { Screen } from '../../shell/screen.tsx'

export function HelpScreen() {
  const { t } = useTranslation()
  useReady(true)
  return <Screen title={t('nav.help')} />
}
