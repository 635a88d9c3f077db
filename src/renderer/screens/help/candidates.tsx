import type { ReactNode } from 'react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { JobItem } from '../../../shared/views.ts'
import { recordAttributes } from '../../data/record-attributes.ts'
import { jobPath } from '../../navigation/paths.ts'
import { JobTile } from '../../parts/job-tile.tsx'
import { buttonClass } from '../../ui/button.tsx'
import styles from './candidates.module.css'

interface CandidatesProps<Job extends JobItem> {
  jobs: Job[]
  /** What speaks for a job, in a line under its prompt. */
  about: (job: Job) => ReactNode
  /** The address at which a job is the answer. */
  answer: (job: Job) => string
}

/** Results one of which may be the one that was looked for. */
export function Candidates<Job extends JobItem>({ jobs, about, answer }: CandidatesProps<Job>) {
  return (
    <ul className={styles.candidates}>
      {jobs.map((job) => (
        <Candidate key={`${job.agent}/${job.jobId}`} job={job} about={about(job)} answer={answer(job)} />
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
  /** The job in the Library where left out. */
  to?: string
}

/** A job as the Library shows it, with its prompt: the way to it, or to what is said about it. */
export function JobLink({ job, id, to = jobPath(job.agent, job.jobId) }: JobLinkProps) {
  const { t } = useTranslation()
  return (
    <Link href={to} className={styles.link}>
      <span className={styles.picture}>
        <JobTile job={job} />
      </span>
      <span className="sr-only">{t(`agent.${job.agent}`)}</span>
      <span id={id} className={`clip ${styles.prompt}`}>
        {job.prompt}
      </span>
    </Link>
  )
}
