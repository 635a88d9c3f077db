import { AudioLines, Captions, Copy, FileQuestionMark, type LucideIcon, Play } from 'lucide-react'
import { Link } from 'wouter'
import type { JobItem } from '../../../shared/views.ts'
import { AgentBadge } from '../../components/agent-badge.tsx'
import { Icon } from '../../components/icon.tsx'
import { Thumbnail } from '../../components/thumbnail.tsx'
import { Time } from '../../components/values.tsx'
import { recordAttributes } from '../../data/record-attributes.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-labels.ts'
import { jobPath } from '../../navigation/paths.ts'
import styles from './result-tile.module.css'

/** A new result as a square: its picture, agent, count or length, prompt and time. */
export function ResultTile({ job }: { job: JobItem }) {
  const { agent, jobId, prompt, createdAt, finishedAt } = job
  return (
    <div className={styles.tile} {...recordAttributes(job)}>
      <Link href={jobPath(agent, jobId)} className={styles.link}>
        <Picture job={job} />
        <span className={styles.badge}>
          <AgentBadge agent={agent} look="onPicture" />
        </span>
        <Tag job={job} />
        <span className={`clip ${styles.prompt}`}>{prompt}</span>
      </Link>
      <Time at={finishedAt ?? createdAt} className={styles.time} />
    </div>
  )
}

function Picture({ job: { agent, jobId, kind, results } }: { job: JobItem }) {
  const labels = useLabels()
  const first = results[0]
  if (first && /^(image|video)\//.test(first.mimeType)) {
    return <Thumbnail media={{ agent, jobId, resultId: first.id }} alt="" className={styles.picture} />
  }
  const icons: Record<string, LucideIcon> = { audio: AudioLines, subtitle: Captions }
  return (
    <span className={`${styles.picture} ${styles.sound}`}>
      <Icon icon={icons[kind] ?? FileQuestionMark} size={24} />
      {labels.kind(kind)}
    </span>
  )
}

/** How many results, or how long the recording is; nothing for a single picture. */
function Tag({ job: { resultCount, results } }: { job: JobItem }) {
  const format = useFormat()
  const length = results[0]?.durationMs
  if (resultCount < 2 && !length) return null
  return (
    <span className={`num ${styles.tag}`}>
      <Icon icon={length ? Play : Copy} size={14} />
      {length ? format.clip(length) : format.number(resultCount)}
    </span>
  )
}
