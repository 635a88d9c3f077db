import { Archive, AudioLines, Captions, Copy, Film, Image, type LucideIcon, Play } from 'lucide-react'
import { hasPicture } from '../../../shared/media-types.ts'
import type { FoundJob, ResultView } from '../../../shared/views.ts'
import { jobRef } from '../../data/records.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import { AccountBadge } from '../accounts/account-badge.tsx'
import { StatusPill } from '../credits/status-pill.tsx'
import { AgentBadge } from './agent-badge.tsx'
import { Highlighted } from './highlighted.tsx'
import styles from './job-tile.module.css'
import { snippetOf } from './snippet.ts'
import { Thumbnail } from './thumbnail.tsx'
import { captionOf, showsStatus, useJobWords } from './use-job-words.ts'
import { Waveform } from './waveform.tsx'

interface JobTileProps {
  job: FoundJob
  /** Whether there is room for all words; a container query in every tile costs more than a word from the layout. */
  isWide?: boolean
}

/** A job as a tile of the grid. Its accessible name is on the link around it. */
export function JobTile({ job, isWide = false }: JobTileProps) {
  const [first] = job.results
  const className = `${styles.tile} ${isWide ? styles.wide : ''}`
  return first ? (
    <ResultTile job={job} first={first} className={className} />
  ) : (
    <EmptyTile job={job} className={className} />
  )
}

function ResultTile({ job, first, className }: { job: FoundJob; first: ResultView; className: string }) {
  const { agent, jobId, removedAt, refundStatus } = job
  const isPicture = hasPicture(first.mimeType)
  const isSound = first.mimeType.startsWith('audio/')
  return (
    <span className={`${className} ${isPicture ? '' : styles.words} ${isSound ? styles.sound : ''}`} aria-hidden>
      {isPicture && (
        <Thumbnail
          media={{ ...jobRef(job), resultId: first.id }}
          alt=""
          icon={first.mimeType.startsWith('video/') ? Film : Image}
          caption={captionOf(job)}
          className={styles.picture}
        />
      )}
      {(removedAt !== null || showsStatus(job)) && (
        <span className={styles.top}>
          {removedAt !== null && <GoneTag />}
          {showsStatus(job) && <StatusPill status={refundStatus} look="onPicture" />}
        </span>
      )}
      {!isPicture && <span className={styles.about}>{captionOf(job)}</span>}
      {isSound && <Waveform id={`${jobId}/${first.id}`} />}
      <Snippet job={job} />
      <span className={styles.bottom}>
        <AgentBadge agent={agent} look="onPicture" />
        <AccountBadge account={job.account} look="onPicture" />
        <ResultTag job={job} first={first} />
      </span>
    </span>
  )
}

/** The text that a search matched; nothing without a search. */
function Snippet({ job }: { job: FoundJob }) {
  const snippet = snippetOf(job)
  return (
    snippet && (
      <span className={styles.snippet}>
        <span className="clip">
          <Highlighted {...snippet} />
        </span>
      </span>
    )
  )
}

/** The duration of a recording, or the number of results. */
function ResultTag({ job, first }: { job: FoundJob; first: ResultView }) {
  const format = useFormat()
  const icons: Record<string, LucideIcon> = { video: Play, audio: AudioLines, subtitle: Captions }
  const icon = icons[job.kind]
  if (job.resultCount > 1) return <Tag icon={Copy} text={format.number(job.resultCount)} />
  return icon ? <Tag icon={icon} text={first.durationMs ? format.clip(first.durationMs) : ''} /> : null
}

function Tag({ icon, text }: { icon: LucideIcon; text: string }) {
  return (
    <span className={`num ${styles.tag}`}>
      <Icon icon={icon} size={14} />
      {text}
    </span>
  )
}

function GoneTag() {
  const labels = useLabels()
  return (
    <span className={styles.removed}>
      <Icon icon={Archive} size={14} />
      <span className={`clip ${styles.removedWord}`}>{labels.removed}</span>
    </span>
  )
}

/** A job without a result: its outcome and the state of its credits. */
function EmptyTile({ job, className }: { job: FoundJob; className: string }) {
  const words = useJobWords(job)
  const runs = job.refundReason === 'generating'
  return (
    <span className={`${className} ${styles.empty} ${runs ? styles.running : ''}`} aria-hidden>
      <span className={styles.status}>
        <StatusPill status={job.refundStatus} />
      </span>
      <span className={styles.happened}>{words.happened}</span>
      <span className={styles.credits}>{words.credits}</span>
      <Snippet job={job} />
      <span className={styles.bottom}>
        <AgentBadge agent={job.agent} />
        <AccountBadge account={job.account} />
        {job.removedAt !== null && <GoneTag />}
      </span>
    </span>
  )
}
