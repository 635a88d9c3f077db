import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { FolderView, ScannerState } from '../../../shared/folders.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { libraryPath } from '../../navigation/paths.ts'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { Meter } from '../../ui/meter.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import { Time } from '../../ui/values.tsx'
import styles from './folder-list.module.css'
import { SkippedFiles } from './skipped-files.tsx'

const idle: ScannerState = { running: null, waiting: [], errors: [] }

/** The folders of the account, each with its scan, its numbers and what the user can do. */
export function FolderList({ folders }: { folders: readonly FolderView[] }) {
  const { t } = useTranslation()
  const id = useId()
  const { data: scanner = idle } = useRoute('folders.state', {})
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} count={folders.length}>
        {t('folders.list')}
      </SectionHeading>
      <ul>
        {folders.map((folder) => (
          <FolderRow key={folder.batch} folder={folder} scanner={scanner} />
        ))}
      </ul>
    </section>
  )
}

type RowProps = { folder: FolderView; scanner: ScannerState }

function FolderRow({ folder, scanner }: RowProps) {
  const { t } = useTranslation()
  const { batch, path, agent, copied, files, skipped, missing, scannedAt, undoneAt } = folder
  const facts = [
    t('folders.files', { count: files }),
    missing > 0 && t('folders.missing', { count: missing }),
    t(copied ? 'folders.isCopied' : 'folders.isReferenced'),
  ].filter(Boolean)
  return (
    <li className={styles.folder} data-folder={batch} data-state={undoneAt === null ? folder.state : 'undone'}>
      <p className={styles.path}>
        <AgentBadge agent={agent} look="quiet" />
        <span>{path}</span>
      </p>
      <p className={styles.facts}>
        {facts.join(middleDot)}
        {scannedAt !== null && (
          <>
            {middleDot}
            {t('folders.scannedAt')} <Time at={scannedAt} />
          </>
        )}
      </p>
      <Progress folder={folder} scanner={scanner} />
      <Actions folder={folder} scanner={scanner} />
      {skipped > 0 && undoneAt === null && <SkippedFiles batch={batch} count={skipped} />}
    </li>
  )
}

const isBusy = ({ folder: { batch }, scanner: { running, waiting } }: RowProps): boolean =>
  running?.batch === batch || waiting.includes(batch)

/** The progress of a scan, or the reason why it stopped. */
function Progress({ folder, scanner }: RowProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { batch, state, undoneAt } = folder
  if (undoneAt !== null) return <p className={styles.note}>{t('folders.state.undone')}</p>
  const error = scanner.errors.find((found) => found.batch === batch)?.error
  if (isBusy({ folder, scanner }))
    return <Running running={scanner.running} isWaiting={scanner.running?.batch !== batch} />
  if (error && error.code !== 'folder_missing') {
    return (
      <p className={`lines ${styles.note}`} data-tone="red" role="alert">
        {errorText(error)}
      </p>
    )
  }
  if (state === 'complete') return null
  const asks = state === 'away' || state === 'shrunk'
  return (
    <p className={`lines ${styles.note}`} data-tone={asks ? 'amber' : undefined} role={asks ? 'alert' : undefined}>
      {t(`folders.state.${state === 'scanning' ? 'paused' : state}`, lines)}
    </p>
  )
}

function Running({ running, isWaiting }: { running: ScannerState['running']; isWaiting: boolean }) {
  const { t } = useTranslation()
  if (isWaiting || !running) return <p className={styles.note}>{t('folders.state.waiting')}</p>
  const { listed, read, total } = running
  const text = total === 0 ? t('folders.listing', { count: listed }) : t('folders.reading', { read, count: total })
  return (
    <p className={styles.progress} role="status">
      <span className="num">{text}</span>
      {total > 0 && (
        <span className={styles.meter}>
          <Meter label={t('folders.progress')} share={read / total} />
        </span>
      )}
    </p>
  )
}

function Actions({ folder, scanner }: RowProps) {
  const { t } = useTranslation()
  const scan = useCommand('folders.scan')
  const pause = useCommand('folders.pause')
  const undo = useCommand('imports.undo')
  const redo = useCommand('imports.redo')
  const { batch, state, undoneAt, files } = folder
  const error = scan.error ?? pause.error ?? undo.error ?? redo.error
  const busy = isBusy({ folder, scanner })
  const again = (acceptMissing: boolean) => scan.mutate({ batch, acceptMissing })
  return (
    <div className={styles.actions}>
      {undoneAt !== null ? (
        <Button size="small" disabled={redo.isPending} onClick={() => redo.mutate({ batch })}>
          {t('history.redo')}
        </Button>
      ) : (
        <>
          {busy ? (
            <Button size="small" disabled={pause.isPending} onClick={() => pause.mutate({ batch })}>
              {t('folders.pause')}
            </Button>
          ) : (
            <Button size="small" disabled={scan.isPending} onClick={() => again(false)}>
              {t(state === 'paused' || state === 'scanning' ? 'folders.resume' : 'folders.again')}
            </Button>
          )}
          {state === 'shrunk' && !busy && (
            <Button size="small" disabled={scan.isPending} onClick={() => again(true)}>
              {t('folders.acceptMissing')}
            </Button>
          )}
          {files > 0 && (
            <InternalLink to={libraryPath()} button={{ size: 'small', variant: 'soft' }}>
              {t('folders.library')}
            </InternalLink>
          )}
          <Button size="small" variant="plain" disabled={undo.isPending} onClick={() => undo.mutate({ batch })}>
            {t('common.undo')}
          </Button>
        </>
      )}
      <Problem error={error} />
    </div>
  )
}
