import { useTranslation } from 'react-i18next'
import type { ImportBatch } from '../../../shared/import-views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines, middleDot, zoneLabel } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { foldersPath, importPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Time } from '../../ui/values.tsx'
import styles from './history-section.module.css'
import { Row, Section } from './section.tsx'

/** The imports of the account that is shown: each can be undone, redone and read again with other settings. */
export function HistorySection() {
  const { t } = useTranslation()
  const { data: batches = [] } = useRoute('imports.list', {})
  return (
    <Section title={t('history.section.title')}>
      <Row label={t('history.bring')} hint={t('history.section.hint', lines)}>
        <InternalLink to={importPath()} button={{}}>
          {t('history.section.bring')}
        </InternalLink>
      </Row>
      <Row label={t('folders.title')} hint={t('folders.sectionHint', lines)}>
        <InternalLink to={foldersPath} button={{}}>
          {t('folders.bring')}
        </InternalLink>
      </Row>
      {batches.length > 0 && (
        <ul aria-label={t('history.section.list')}>
          {batches.map((batch) => (
            <ImportRow key={batch.batch} batch={batch} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function ImportRow({ batch }: { batch: ImportBatch }) {
  const { t } = useTranslation()
  const format = useFormat()
  const toast = useToast()
  const undo = useCommand('imports.undo')
  const redo = useCommand('imports.redo')
  const { batch: number, source, importedAt, undoneAt, rows, imported, refused, covers, reading, zoneBefore } = batch
  const isUndone = undoneAt !== null
  const id = { batch: number }
  const takeBack = () => undo.mutate(id, { onSuccess: () => toast(t('history.undone'), () => redo.mutate(id)) })
  const putBack = () => redo.mutate(id, { onSuccess: () => toast(t('history.redone')) })
  const facts = [
    t(reading === null ? 'history.section.files' : 'history.section.rows', { count: rows }),
    rows > imported && t('history.section.imported', { count: imported }),
    refused > 0 && t(reading === null ? 'folders.skipped' : 'history.refused', { count: refused }),
    covers && format.range(covers.from, covers.to - 1),
  ].filter(Boolean)
  return (
    <li className={styles.import} data-batch={number} data-undone={isUndone || undefined}>
      <div>
        <p className={styles.source}>
          <span className="clip">{source}</span>
          {isUndone && <span className={styles.undone}>{t('history.section.undone')}</span>}
        </p>
        <p className={styles.facts}>
          <Time at={importedAt} />
          {middleDot}
          {facts.join(middleDot)}
        </p>
        {reading !== null && zoneBefore !== null && zoneBefore !== reading.zone && (
          <p className={`lines ${styles.facts}`} data-zone-before={zoneBefore}>
            {t('history.section.zoneCorrected', {
              zone: zoneLabel(reading.zone),
              before: zoneLabel(zoneBefore),
              ...lines,
            })}
          </p>
        )}
      </div>
      <div className={styles.actions}>
        {isUndone ? (
          <Button size="small" disabled={redo.isPending} onClick={putBack}>
            {t('history.redo')}
          </Button>
        ) : (
          <>
            {reading !== null && (
              <InternalLink to={importPath(number)} button={{ size: 'small', variant: 'soft' }}>
                {t('history.readAgain')}
              </InternalLink>
            )}
            <Button size="small" disabled={undo.isPending} onClick={takeBack}>
              {t('common.undo')}
            </Button>
          </>
        )}
      </div>
      <Problem error={undo.error ?? redo.error} />
    </li>
  )
}
