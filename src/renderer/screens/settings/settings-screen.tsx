import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { useSettings } from '../../data/settings.ts'
import { lines } from '../../i18n/format.ts'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { AboutSection } from './about-section.tsx'
import { BackgroundSection } from './background-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { DeleteAccountRow } from './delete-account-row.tsx'
import { FilePath } from './file-path.tsx'
import { HistorySection } from './history-section.tsx'
import { JoinRows } from './join-rows.tsx'
import { NotificationsSection } from './notifications-section.tsx'
import { Row, Section } from './section.tsx'
import { ServiceRow } from './service-row.tsx'
import styles from './settings-screen.module.css'
import { StorageSection } from './storage-section.tsx'

export function SettingsScreen() {
  const { t } = useTranslation()
  const [settings, update] = useSettings()
  useReady(settings !== undefined)
  return (
    <Screen title={t('nav.settings')} ofOneAccount>
      <Sheet>
        <div className={styles.page}>
          {settings && <DisplaySection settings={settings} update={update} />}
          {settings && <BackgroundSection settings={settings} update={update} />}
          {settings && <NotificationsSection settings={settings} update={update} />}
          {settings && <StorageSection settings={settings} update={update} />}
          <HistorySection />
          <DataSection />
          <BackupSection />
          <AboutSection />
        </div>
      </Sheet>
    </Screen>
  )
}

interface DisplaySectionProps {
  settings: Settings
  update: (change: Partial<Settings>) => void
}

function DisplaySection({ settings, update }: DisplaySectionProps) {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.display')}>
      <Row label={t('settings.language')} hint={t('settings.languageHint', lines)}>
        <Segmented
          label={t('settings.language')}
          value={settings.language}
          onChange={(language) => update({ language })}
          options={[
            { value: 'ko', label: '한국어' },
            { value: 'en', label: 'English' },
            { value: 'both', label: t('settings.languageBoth') },
          ]}
        />
      </Row>
      <Row label={t('settings.theme')}>
        <Segmented
          label={t('settings.theme')}
          value={settings.theme}
          onChange={(theme) => update({ theme })}
          options={[
            { value: 'system', label: t('settings.themeSystem') },
            { value: 'light', label: t('settings.themeLight') },
            { value: 'dark', label: t('settings.themeDark') },
          ]}
        />
      </Row>
      <Row label={t('settings.density')} hint={t('settings.densityHint', lines)}>
        <Segmented
          label={t('settings.density')}
          value={settings.density}
          onChange={(density) => update({ density })}
          options={[
            { value: 'default', label: t('settings.densityDefault') },
            { value: 'compact', label: t('settings.densityCompact') },
          ]}
        />
      </Row>
    </Section>
  )
}

function DataSection() {
  const { t } = useTranslation()
  const { data: info } = useRoute('app.info', {})
  if (!info) return null
  return (
    <Section title={t('settings.data')}>
      <Row label={t('settings.dataFolder')} hint={t('settings.dataFolderHint', lines)}>
        <FilePath path={info.dataDir} file={{ folder: 'data' }} />
      </Row>
      <ServiceRow />
      <JoinRows />
      <DeleteAccountRow />
    </Section>
  )
}
