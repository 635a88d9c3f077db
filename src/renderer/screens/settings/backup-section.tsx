import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { KeptFile } from '../../../shared/views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Time } from '../../ui/values.tsx'
import { ExportRow } from './export-row.tsx'
import { FilePath } from './file-path.tsx'
import { Row, Section } from './section.tsx'
import styles from './settings-screen.module.css'

/** Export, backup and restore. Backups are written to the data folder. */
export function BackupSection() {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.backup.title')}>
      <ExportRow />
      <BackupRow />
    </Section>
  )
}

function BackupRow() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const toast = useToast()
  const { data: backups = [] } = useRoute('backup.list', {})
  const make = useCommand('backup.make')
  const restore = useCommand('backup.restore')
  const makeBackup = () =>
    make.mutate(
      {},
      {
        onSuccess: () => {
          client.invalidateQueries({ queryKey: ['backup.list'] })
          toast(t('settings.backup.made'))
        },
      },
    )
  const restoreFrom = ({ name }: KeptFile) =>
    restore.mutate(
      { name },
      {
        onSuccess: ({ marks, messages }) =>
          toast(
            marks + messages === 0 ? t('settings.backup.nothing') : t('settings.backup.restored', { marks, messages }),
          ),
      },
    )
  return (
    <>
      <Row label={t('settings.backup.backup')} hint={t('settings.backup.backupHint', lines)}>
        <Button disabled={make.isPending} onClick={makeBackup}>
          {t(make.isPending ? 'settings.backup.making' : 'settings.backup.make')}
        </Button>
      </Row>
      <Problem error={make.error ?? restore.error} />
      {backups.length > 0 && (
        <>
          <p className={`lines ${styles.hint}`}>{t('settings.backup.restoreHint', lines)}</p>
          <ul className={styles.files} aria-label={t('settings.backup.backup')}>
            {backups.map((file) => (
              <li key={file.name}>
                <Time at={file.at} />
                <FilePath path={file.path} file={{ backup: file.name }} />
                <Button size="small" disabled={restore.isPending} onClick={() => restoreFrom(file)}>
                  {t('settings.backup.restore')}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
