import { useQueryClient } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AppError } from '../../../shared/errors.ts'
import type { KeptFile } from '../../../shared/views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Time } from '../../ui/values.tsx'
import { Row, Section } from './section.tsx'
import styles from './settings-screen.module.css'

const lines = { separator: '\n' }

/** Backup, export and restore. Files are written to the data folder. */
export function BackupSection() {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.backup.title')}>
      <ExportRow />
      <BackupRow />
    </Section>
  )
}

function ExportRow() {
  const { t } = useTranslation()
  const { data: written, error, isPending, mutate } = useCommand('export.write')
  return (
    <>
      <Row label={t('settings.backup.export')} hint={t('settings.backup.exportHint', lines)}>
        <span className={styles.buttons}>
          <Button disabled={isPending} onClick={() => mutate({ format: 'json' })}>
            {t('settings.backup.exportAll')}
          </Button>
          <Button disabled={isPending} onClick={() => mutate({ format: 'csv' })}>
            {t('settings.backup.exportLedger')}
          </Button>
        </span>
      </Row>
      {written && !isPending && (
        <p className={styles.written} role="status">
          {t('settings.backup.exported', { count: written.records })} <FilePath file={written} />
        </p>
      )}
      <Problem error={error} />
    </>
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
                <FilePath file={file} />
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

function FilePath({ file: { path } }: { file: KeptFile }) {
  const { t } = useTranslation()
  const toast = useToast()
  return (
    <span className={styles.value}>
      {path}
      <IconButton
        icon={Copy}
        label={t('settings.copyPath')}
        size="small"
        onClick={() => navigator.clipboard.writeText(path).then(() => toast(t('common.copied')))}
      />
    </span>
  )
}

function Problem({ error }: { error: AppError | null }) {
  const errorText = useErrorText()
  return (
    error && (
      <p className={`lines ${styles.problem}`} role="alert">
        {errorText(error)}
      </p>
    )
  )
}
