import type { ReactNode } from 'react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { JobItem } from '../../../shared/views.ts'
import { jobKey, recordAttributes } from '../../data/records.ts'
import { jobPath } from '../../navigation/paths.ts'
import { JobTile } from '../../parts/jobs/job-tile.tsx'
import { captionOf } from '../../parts/jobs/use-job-words.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { buttonClass } from '../../ui/button.tsx'
import styles from './candidates.module.css'

interface CandidatesProps<Job extends JobItem> {
  jobs: Job[]
  /** A line under a job's prompt that explains why it is a candidate. */
  about: (job: Job) => ReactNode
  /** The address that selects a job as the answer. */
  answer: (job: Job) => string
}

/** Jobs that may be the missing result. */
export function Candidates<Job extends JobItem>({ jobs, about, answer }: CandidatesProps<Job>) {
  return (
    <ul className={styles.candidates}>
      {jobs.map((job) => (
        <Candidate key={jobKey(job)} job={job} about={about(job)} answer={answer(job)} />
      ))}
    </ul>
  )
}

function Candidate({ job, about, answer }: { job: JobItem; about: ReactNode; answer: string }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <li className={styles.candidate} {...recordAttributes(job)}>
      <JobLink job={job} id={id} />
      <p className={`lines ${styles.about}`}>{about}</p>
      <Link href={answer} className={buttonClass({}, styles.choose)} aria-describedby={id}>
        {t('help.candidate.choose')}
      </Link>
    </li>
  )
}

interface JobLinkProps {
  job: JobItem
  id?: string
  /** Where it leads, in the account of the job; by default to the job in the Library. */
  to?: string
}

/** A link to a job with its Library tile and prompt. */
export function JobLink({ job, id, to }: JobLinkProps) {
  const { t } = useTranslation()
  return (
    <InternalLink to={to ?? jobPath(job)} account={to && job.account} className={styles.link}>
      <span className={styles.picture}>
        <JobTile job={job} />
      </span>
      <span className="sr-only">{t(`agent.${job.agent}`)}</span>
      <span id={id} className={`clip ${styles.prompt}`}>
        {captionOf(job)}
      </span>
    </InternalLink>
  )
}
