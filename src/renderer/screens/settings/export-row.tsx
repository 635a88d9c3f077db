import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportFormat } from '../../../shared/values.ts'
import { useShowsAll } from '../../data/account.ts'
import { useBridge, useCommand } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { FilePath } from './file-path.tsx'
import { Row } from './section.tsx'
import styles from './settings-screen.module.css'

const formats = [
  ['xlsx', 'settings.backup.exportWorkbook'],
  ['csv', 'settings.backup.exportLedger'],
  ['json', 'settings.backup.exportAll'],
  ['zip', 'settings.backup.exportArchive'],
] as const satisfies [ExportFormat, string][]

/** Exports to a file that the user chooses, in the browser to its downloads. */
export function ExportRow() {
  const { t } = useTranslation()
  const showsAll = useShowsAll()
  const { data: written, error, isPending, mutate } = useCommand('export.write')
  const { mutate: cancel } = useCommand('export.cancel')
  const [records, resetRecords] = useExportedRecords()
  const start = (format: ExportFormat) => {
    resetRecords()
    mutate({ format }, { onSuccess: (file) => file?.download && download(file.download) })
  }
  return (
    <>
      <Row
        label={t('settings.backup.export')}
        hint={[t('settings.backup.exportHint', lines), showsAll && t('settings.backup.exportOfAll', lines)]
          .filter(Boolean)
          .join('\n')}
      >
        <span className={styles.buttons}>
          {formats.map(([format, label]) => (
            <Button key={format} disabled={isPending} onClick={() => start(format)}>
              {t(label)}
            </Button>
          ))}
        </span>
      </Row>
      {isPending && records !== null && (
        <p className={styles.written} role="status">
          {t('settings.backup.exporting', { count: records })}
          <Button size="small" onClick={() => cancel({})}>
            {t('common.cancel')}
          </Button>
        </p>
      )}
      {written && !isPending && (
        <p className={styles.written} role="status">
          {t('settings.backup.exported', { count: written.records })}{' '}
          {written.download ? (
            t('settings.backup.inDownloads', { name: written.name })
          ) : (
            <FilePath path={written.path} file={{ written: written.name }} />
          )}
        </p>
      )}
      <Problem error={error} />
    </>
  )
}

/** The records that an export has written so far, null before its first report, and a function that begins anew. */
function useExportedRecords() {
  const bridge = useBridge()
  const [records, setRecords] = useState<number | null>(null)
  useEffect(() => bridge.subscribe((event) => event.type === 'export' && setRecords(event.records)), [bridge])
  return [records, () => setRecords(null)] as const
}

/** Starts a download. The answer is an attachment, so the page stays. */
function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}
