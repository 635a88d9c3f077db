import { useTranslation } from 'react-i18next'
import { useBridge, useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { SaveDiagnostics } from '../../parts/jobs/file-actions.tsx'
import { ExternalLink } from '../../parts/screen/links.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Row, Section } from './section.tsx'
import styles from './settings-screen.module.css'

/** Polled, because no event reports updates and only this section shows them. */
const refetchMs = 1_000

export function AboutSection() {
  const { t } = useTranslation()
  const { host } = useBridge()
  const { data: info } = useRoute('app.info', {})
  return (
    <Section title={t('settings.about')}>
      <Row label={t('settings.version')}>
        <span className={`num ${styles.value}`}>{info?.version}</span>
      </Row>
      {host === 'electron' && <UpdateRow />}
      {host === 'electron' && (
        <Row label={t('settings.diagnostics')} hint={t('settings.diagnosticsHint', lines)}>
          <SaveDiagnostics />
        </Row>
      )}
      <p className={`lines ${styles.about}`}>{t('settings.independent', lines)}</p>
      <ExternalLink to="home">carat.im</ExternalLink>
    </Section>
  )
}

/** The update of the installed app, with the command that makes sense now. */
function UpdateRow() {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const { data: update } = useRoute('updates.state', {}, { refetchInterval: refetchMs })
  const check = useCommand('updates.check')
  const install = useCommand('updates.install')
  if (!update) return null
  const { status, version } = update
  const checkNow = () =>
    check.mutate(
      {},
      {
        onSuccess: (found) => found.status === 'idle' && toast(t('settings.updates.newest')),
        onError: (error) => toast(errorText(error)),
      },
    )
  return (
    <Row label={t('settings.updates.title')} hint={t(`settings.updates.${status}`, { version, ...lines })}>
      {(status === 'idle' || status === 'failed') && (
        <Button disabled={check.isPending} onClick={checkNow}>
          {t('settings.updates.check')}
        </Button>
      )}
      {status === 'ready' && <Button onClick={() => install.mutate({})}>{t('settings.updates.install')}</Button>}
    </Row>
  )
}
