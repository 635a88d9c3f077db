import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { JobItem } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/records.ts'
import { jobPath } from '../../navigation/paths.ts'
import { JobTile } from '../../parts/jobs/job-tile.tsx'
import { captionOf } from '../../parts/jobs/use-job-words.ts'
import { Time } from '../../ui/values.tsx'
import styles from './result-tile.module.css'

/** A link to a job with its Library tile, prompt and time. */
export function ResultTile({ job }: { job: JobItem }) {
  const { t } = useTranslation()
  const { agent, createdAt, finishedAt } = job
  return (
    <div className={styles.result} {...recordAttributes(job)}>
      <Link href={jobPath(job)} className={styles.link}>
        <span className={styles.picture}>
          <JobTile job={job} />
        </span>
        <span className="sr-only">{t(`agent.${agent}`)}</span>
        <span className={`clip ${styles.prompt}`}>{captionOf(job)}</span>
      </Link>
      <Time at={finishedAt ?? createdAt} className={styles.time} />
    </div>
  )
}
