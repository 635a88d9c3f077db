import {
  CircleCheck,
  CirclePause,
  CloudOff,
  FileInput,
  LoaderCircle,
  Lock,
  LogIn,
  type LucideIcon,
  Pause,
  Play,
  RefreshCw,
  TriangleAlert,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SyncState } from '../../shared/views.ts'
import { useIsImported } from '../data/account.ts'
import { type Connection, useConnection } from '../data/connection.ts'
import { useCommand } from '../data/hooks.ts'
import { isListed, nextTryAt, overallProgress, percentOf, progressOf } from '../data/sync-progress.ts'
import { middleDot } from '../i18n/format.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { settingsPath } from '../navigation/paths.ts'
import type { Tone } from '../parts/credits/status.ts'
import { later } from '../parts/screen/later.tsx'
import { InternalLink } from '../parts/screen/links.tsx'
import { StreamList } from '../parts/sync/stream-list.tsx'
import { PauseButton, SyncButton } from '../parts/sync/sync-buttons.tsx'
import { useProgressText } from '../parts/sync/use-progress-text.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import styles from './sidebar.module.css'

const Popover = later('dialog', () => import('../ui/popover.tsx').then((code) => code.Popover))

/** The state of the sync in a line, its streams in a popover, and buttons to sync, pause and resume. */
export function SyncLine() {
  const { t } = useTranslation()
  const connection = useConnection()
  const summary = useSummary(connection)
  const isImported = useIsImported()
  if (isImported && !connection.lost && connection.sync?.status !== 'read_only') return <ImportedLine />
  if (!summary) return null
  return (
    <div className={`${styles.sync} ${summary.tone === 'green' ? styles.quiet : ''}`}>
      <Popover
        title={t('sync.title')}
        side="top"
        trigger={
          <button type="button" className={styles.syncLine} aria-describedby="sync-details">
            <span className="tone" data-tone={summary.tone}>
              <Icon icon={summary.icon} className={summary.turning ? 'spin' : ''} />
            </span>
            <span className={styles.word}>
              {summary.text}
              {summary.detail && <span className={`num ${styles.syncDetail}`}>{summary.detail}</span>}
            </span>
            <span id="sync-details" hidden>
              {t('sync.details')}
            </span>
          </button>
        }
      >
        <div className={styles.streams}>{connection.sync && <StreamList streams={connection.sync.streams} />}</div>
        <div className={styles.syncActions}>
          <SyncButton size="small" />
          <PauseButton size="small" variant="soft" />
        </div>
      </Popover>
      {connection.sync && connection.sync.status !== 'read_only' && <Shortcut sync={connection.sync} />}
    </div>
  )
}

/** An account of imports is never synced, which is no failure. */
function ImportedLine() {
  const { t } = useTranslation()
  return (
    <div className={`${styles.sync} ${styles.quiet}`}>
      <InternalLink to={settingsPath} className={styles.syncLine}>
        <span className="tone" data-tone="grey">
          <Icon icon={FileInput} />
        </span>
        <span className={styles.word}>{t('sync.imported')}</span>
      </InternalLink>
    </div>
  )
}

/** The most likely action, so that the popover need not be opened. */
function Shortcut({ sync }: { sync: SyncState }) {
  const { t } = useTranslation()
  const syncNow = useCommand('sync.now')
  const pause = useCommand('sync.pause')
  const resume = useCommand('sync.resume')
  const reads = sync.status === 'running' && sync.streams.some(({ phase }) => phase === 'listing')
  const action = sync.status === 'paused' ? 'resume' : reads ? 'pause' : 'now'
  const { icon, command } = {
    now: { icon: RefreshCw, command: syncNow },
    pause: { icon: Pause, command: pause },
    resume: { icon: Play, command: resume },
  }[action]
  return <IconButton icon={icon} label={t(`sync.${action}`)} size="small" onClick={() => command.mutate({})} />
}

interface Summary {
  icon: LucideIcon
  tone: Tone
  text: string
  /** A second, quieter line. */
  detail?: string | null
  turning?: boolean
}

function useSummary({ sync, lost }: Connection): Summary | null {
  const { t } = useTranslation()
  const format = useFormat()
  const progressText = useProgressText()
  if (lost) return { icon: CloudOff, tone: 'amber', text: t('sync.disconnected') }
  if (!sync) return null
  const { status, streams, lastSuccessAt, rebuild } = sync
  if (rebuild) {
    const percent = Math.floor((rebuild.done / Math.max(rebuild.total, 1)) * 100)
    const text = t('sync.rebuilding', { percent: Math.min(percent, 99) })
    return { icon: LoaderCircle, tone: 'grey', text, detail: t('sync.rebuildingDetail'), turning: true }
  }
  if (status === 'read_only') return { icon: Lock, tone: 'grey', text: t('sync.readOnly') }
  if (status === 'signed_out') return { icon: LogIn, tone: 'amber', text: t('sync.signedOut') }
  if (status === 'paused') {
    const detail = streams.some(isListed) ? progressText.read(overallProgress(streams)) : null
    return { icon: CirclePause, tone: 'grey', text: t('sync.paused'), detail }
  }
  if (streams.some(({ error }) => error?.code === 'listing_shrunk')) {
    return { icon: TriangleAlert, tone: 'amber', text: t('sync.needsAnswer') }
  }
  const failed = streams.find((stream) => stream.error)
  if (failed) {
    const at = nextTryAt(sync, failed)
    return {
      icon: CloudOff,
      tone: 'amber',
      text: t('sync.failed', { stream: failed.stream }),
      detail: at === null ? null : t('sync.nextTry', { at }),
    }
  }
  if (status === 'running') return { icon: LoaderCircle, tone: 'accent', turning: true, ...reading(sync) }
  if (lastSuccessAt === null) return { icon: RefreshCw, tone: 'grey', text: t('sync.never') }
  return { icon: CircleCheck, tone: 'green', text: `${t('sync.done')}${middleDot}${format.time(lastSuccessAt)}` }

  /** The progress of all streams during a first sync or if several are read in parallel, else of the single stream. */
  function reading({ streams, lastSuccessAt }: SyncState): Pick<Summary, 'text' | 'detail'> {
    const listed = streams.filter(({ phase }) => phase === 'listing')
    const [one = streams.find(({ phase }) => phase !== 'idle')] = listed
    if (!one) return { text: t('common.loading') }
    const { stream } = one
    if (listed.length === 0) return { text: t('sync.reading', { stream }) }
    const all = listed.length > 1 || lastSuccessAt === null
    const progress = all ? overallProgress(streams) : progressOf(one)
    const detail = progress.remainingMs === null ? progressText.read(progress) : progressText.left(progress.remainingMs)
    const percent = percentOf(progress)
    if (percent === null) return { text: all ? t('sync.readingAll') : t('sync.reading', { stream }), detail }
    return {
      text: all ? t('sync.readingAllPercent', { percent }) : t('sync.readingPercent', { stream, percent }),
      detail,
    }
  }
}
