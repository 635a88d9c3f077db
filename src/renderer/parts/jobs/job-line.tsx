import { Archive, AudioLines, Captions, Film, Image, type LucideIcon, Shapes } from 'lucide-react'
import { hasPicture } from '../../../shared/media-types.ts'
import type { FoundJob } from '../../../shared/views.ts'
import { jobRef } from '../../data/records.ts'
import { middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import { AccountBadge } from '../accounts/account-badge.tsx'
import { StatusPill } from '../credits/status-pill.tsx'
import { AgentBadge } from './agent-badge.tsx'
import { Highlighted } from './highlighted.tsx'
import styles from './job-line.module.css'
import { Thumbnail } from './thumbnail.tsx'
import { showsStatus } from './use-job-words.ts'

const icons: Record<string, LucideIcon> = { image: Image, video: Film, audio: AudioLines, subtitle: Captions }

/** A job as a line of the list. Its accessible name is on the link around it. */
export function JobLine({ job }: { job: FoundJob }) {
  const labels = useLabels()
  const format = useFormat()
  const [first] = job.results
  const isPicture = first !== undefined && hasPicture(first.mimeType)
  return (
    <span className={styles.line} aria-hidden>
      <span className={`num ${styles.time}`}>{format.time(job.createdAt)}</span>
      {isPicture ? (
        <Thumbnail
          media={{ ...jobRef(job), resultId: first.id }}
          alt=""
          icon={icons[job.kind]}
          className={styles.thumbnail}
        />
      ) : (
        <span className={styles.thumbnail}>
          <Icon icon={icons[job.kind] ?? Shapes} />
        </span>
      )}
      <span className={`clip ${styles.prompt}`}>
        {job.prompt === '' ? (
          <Highlighted text={job.fileName ?? ''} ranges={job.matches?.chatTitle} />
        ) : (
          <Highlighted text={job.prompt.slice(0, 300)} ranges={job.matches?.prompt.filter(([, end]) => end <= 300)} />
        )}
      </span>
      <span className={`clip ${styles.source}`}>
        <AccountBadge account={job.account} />
        <Highlighted text={job.model} ranges={job.matches?.model} />
        {job.chatTitle !== null && (
          <>
            {middleDot}
            <Highlighted text={job.chatTitle} ranges={job.matches?.chatTitle} />
          </>
        )}
      </span>
      <span className={styles.marks}>
        {job.removedAt !== null && (
          <span title={labels.removed} className={styles.removed}>
            <Icon icon={Archive} size={14} />
          </span>
        )}
        {first?.durationMs ? <span className="num">{format.clip(first.durationMs)}</span> : null}
        {job.resultCount > 1 && <span className="num">×{format.number(job.resultCount)}</span>}
      </span>
      <span className={styles.agent}>
        <AgentBadge agent={job.agent} look="quiet" />
      </span>
      <span className={styles.status}>{showsStatus(job) && <StatusPill status={job.refundStatus} />}</span>
      <span className={`num ${styles.amount}`}>
        {job.charged === 0 ? '' : format.signed(job.refunded - job.charged)}
      </span>
    </span>
  )
}
