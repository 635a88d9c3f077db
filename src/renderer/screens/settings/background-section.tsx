import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/views.ts'
import { useBridge, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { OnOff, Section } from './section.tsx'

interface BackgroundSectionProps {
  settings: Settings
  update: (change: Partial<Settings>) => void
}

/** Settings for the app without a window. A browser host ends with its window, so it has no such section. */
export function BackgroundSection({ settings, update }: BackgroundSectionProps) {
  const { t } = useTranslation()
  const { host } = useBridge()
  const { data: info } = useRoute('app.info', {})
  if (host === 'browser' || !info) return null
  const onOff = (name: 'runsInBackground' | 'startsAtLogin') => (
    <OnOff
      label={t(`settings.background.${name}`)}
      hint={t(`settings.background.${name}Hint`, lines)}
      value={settings[name]}
      onChange={(value) => update({ [name]: value })}
    />
  )
  return (
    <Section title={t('settings.background.title')}>
      {info.platform !== 'darwin' && onOff('runsInBackground')}
      {info.platform !== 'linux' && onOff('startsAtLogin')}
    </Section>
  )
}
