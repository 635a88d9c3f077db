import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MatchCandidateView } from '../../../shared/match-views.ts'
import type { MatchAnswer } from '../../../shared/matches.ts'
import type { CaseDetail, JobItem } from '../../../shared/views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { accountField, jobRef } from '../../data/records.ts'
import { middleDot } from '../../i18n/format.ts'
import { jobPath } from '../../navigation/paths.ts'
import { Thumbnail } from '../../parts/jobs/thumbnail.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './matches.module.css'

const percentOf = (probability: number): number => Math.floor(probability * 100)

/** The results that may belong to a charge that names no job, and the user's answer. */
export function Matches({ item }: { item: CaseDetail }) {
  const name = item.case
  const of = { ...accountField(item), case: name }
  const { t } = useTranslation()
  const titleId = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const { data } = useRoute('matches.get', of, { enabled: name.startsWith('charge:') })
  const { mutate, error } = useCommand('matches.decide')
  // After another case was chosen, the answer for the one before stays until the new one has arrived.
  if (!data || data.case !== name || (data.candidates.length === 0 && !data.decision)) return null
  const { delivered, candidates, decision } = data
  const decided = decision !== null && decision.jobs.length > 0
  const answer = (jobs: readonly JobItem[], said: MatchAnswer) => {
    mutate({ ...of, jobs: jobs.map(({ jobId }) => jobId), answer: said })
    // The button may vanish with the answer.
    heading.current?.focus()
  }
  const offered = decided ? [] : candidates
  return (
    <section className={styles.matches} aria-labelledby={titleId}>
      <h3 id={titleId} ref={heading} tabIndex={-1}>
        {t(decided ? 'refunds.matches.titleDecided' : 'refunds.matches.title')}
      </h3>
      {decision && !decided && (
        <p>{t('refunds.matches.oneOf', { percent: percentOf(decision.probability ?? delivered) })}</p>
      )}
      {!decision && offered.some(({ probability }) => probability !== null) && (
        <p>{t('refunds.matches.delivered', { percent: percentOf(delivered) })}</p>
      )}
      <ul>
        {decided && (
          <li>
            <Tiles jobs={decision.jobs} />
            <p className={styles.text}>
              {decision.by === 'user'
                ? t('refunds.matches.confirmed')
                : t('refunds.matches.found', { percent: percentOf(decision.probability ?? 0) })}
            </p>
            <Answer
              jobs={decision.jobs}
              label={t('refunds.matches.refuse')}
              onAnswer={() => answer(decision.jobs, 'no')}
            />
          </li>
        )}
        {offered.map((candidate) => (
          <li key={candidate.jobs.map(({ jobId }) => jobId).join()}>
            <Tiles jobs={candidate.jobs} />
            <CandidateText candidate={candidate} />
            <Answer
              jobs={candidate.jobs}
              label={t('refunds.matches.accept')}
              onAnswer={() => answer(candidate.jobs, 'yes')}
            />
            <Answer
              jobs={candidate.jobs}
              label={t('refunds.matches.refuse')}
              onAnswer={() => answer(candidate.jobs, 'no')}
            />
          </li>
        ))}
      </ul>
      <Problem error={error} />
    </section>
  )
}

/** Small pictures of the first jobs, each a link to its job. */
function Tiles({ jobs }: { jobs: readonly JobItem[] }) {
  return (
    <span className={styles.tiles}>
      {jobs.slice(0, 4).map(({ results: [first], ...job }) => (
        <InternalLink key={job.jobId} to={jobPath(job)} className={styles.tile}>
          <Thumbnail
            className={styles.picture}
            media={first ? { ...jobRef(job), resultId: first.id } : null}
            alt={nameOf(job)}
          />
        </InternalLink>
      ))}
    </span>
  )
}

const nameOf = ({ fileName, prompt, model }: Pick<JobItem, 'fileName' | 'prompt' | 'model'>): string =>
  fileName ?? (prompt || model)

function CandidateText({ candidate }: { candidate: MatchCandidateView }) {
  const { t } = useTranslation()
  const { jobs, probability, because, madeAt, delayMs } = candidate
  const seconds = Math.max(0, Math.round(delayMs / 1_000))
  const after =
    seconds < 120
      ? t('refunds.matches.secondsAfter', { count: seconds })
      : t('refunds.matches.minutesAfter', { count: Math.round(seconds / 60) })
  const isSaved = because === 'saved_later'
  return (
    <div className={styles.text}>
      {probability !== null && (
        <p className={styles.claim}>
          {jobs.length === 1
            ? t('refunds.matches.result', { percent: percentOf(probability) })
            : t('refunds.matches.batch', { percent: percentOf(probability), count: jobs.length })}
        </p>
      )}
      <p>
        {isSaved
          ? t('refunds.matches.saved', { at: madeAt })
          : `${t('refunds.matches.made', { at: madeAt })}${middleDot}${after}`}
      </p>
      {because === 'made_no_zone' && <p>{t('refunds.matches.noZone')}</p>}
      {because === 'beside' && <p>{t('refunds.matches.beside')}</p>}
    </div>
  )
}

function Answer({ jobs, label, onAnswer }: { jobs: readonly JobItem[]; label: string; onAnswer: () => void }) {
  const [first] = jobs
  return (
    <Button size="small" variant="soft" onClick={onAnswer}>
      {label}
      {first && <span className="sr-only"> {nameOf(first)}</span>}
    </Button>
  )
}
