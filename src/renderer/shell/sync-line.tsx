import { CircleCheck, CloudOff, LogIn, type LucideIcon, RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StreamState } from '../../shared/views.ts'
import { Button, IconButton } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import type { Tone } from '../components/status.ts'
import { type Connection, useConnection } from '../data/connection.ts'
import { useCommand } from '../data/hooks.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { useLabels } from '../i18n/use-labels.ts'
import styles from './sidebar.module.css'
import { StreamList } from './stream-list.tsx'

/** The state of the sync in one line, its streams in a popover, and the way to sync now. */
export function SyncLine() {
  const { t } = useTranslation()
  const connection = useConnection()
  const syncNow = useCommand('sync.now')
  const summary = useSummary(connection)
  const start = () => syncNow.mutate({})
  if (!summary) return null
  return (
    <div className={styles.sync}>
      <Popover
        title={t('sync.title')}
        side="top"
        trigger={
          <button type="button" className={styles.syncLine} aria-describedby="sync-details">
            <span className="tone" data-tone={summary.tone}>
              <Icon icon={summary.icon} className={summary.turning ? 'spin' : ''} />
            </span>
            <span className={styles.word}>{summary.text}</span>
            <span id="sync-details" hidden>
              {t('sync.details')}
            </span>
          </button>
        }
      >
        <div className={styles.streams}>{connection.sync && <StreamList streams={connection.sync.streams} />}</div>
        <Button size="small" icon={RefreshCw} onClick={start}>
          {t('sync.now')}
        </Button>
      </Popover>
      <IconButton icon={RefreshCw} label={t('sync.now')} size="small" onClick={start} />
    </div>
  )
}

interface Summary {
  icon: LucideIcon
  tone: Tone
  text: string
  turning?: boolean
}

function useSummary({ sync, lost }: Connection): Summary | null {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  if (lost) return { icon: CloudOff, tone: 'amber', text: t('sync.disconnected') }
  if (!sync) return null
  const { status, streams, lastSuccessAt } = sync
  if (status === 'signed_out') return { icon: LogIn, tone: 'amber', text: t('sync.signedOut') }
  if (status === 'paused') return { icon: TriangleAlert, tone: 'amber', text: t('sync.paused') }
  const failed = streams.find((stream) => stream.error)
  if (failed) return { icon: CloudOff, tone: 'amber', text: t('sync.failed', { stream: labels.stream(failed.stream) }) }
  if (status === 'running') {
    const busy = streams.find((stream) => stream.phase !== 'idle')
    return { icon: RefreshCw, tone: 'accent', turning: true, text: readingText(busy) }
  }
  if (lastSuccessAt === null) return { icon: RefreshCw, tone: 'grey', text: t('sync.never') }
  return { icon: CircleCheck, tone: 'green', text: `${t('sync.done')} · ${format.time(lastSuccessAt)}` }

  function readingText(busy: StreamState | undefined): string {
    if (!busy) return t('common.loading')
    const stream = labels.stream(busy.stream)
    if (busy.phase !== 'listing' || !busy.total) return t('sync.reading', { stream })
    return t('sync.readingPercent', { stream, percent: Math.min(99, Math.floor((busy.listed / busy.total) * 100)) })
  }
}
