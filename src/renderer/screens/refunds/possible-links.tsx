import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail, CaseItem } from '../../../shared/views.ts'
import { jobKey } from '../../data/records.ts'
import { lines, precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { casePath, jobPath } from '../../navigation/paths.ts'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Time } from '../../ui/values.tsx'
import styles from './possible-links.module.css'

/** The jobs that a charge may be for, and the other cases to which a refund may belong, too. */
export function PossibleLinks({ item: { possible } }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const jobs = possible.jobs.map((job) => (
    <li key={jobKey(job)}>
      <InternalLink to={jobPath(job)} className={`clip ${styles.name}`}>
        {job.prompt || job.model}
      </InternalLink>
      <AgentBadge agent={job.agent} />
      <Time at={job.createdAt} />
    </li>
  ))
  const caseLink = (other: CaseItem) => (
    <li key={other.case}>
      <InternalLink to={casePath(other)} className={`clip ${styles.name}`}>
        {other.prompt ?? t('refunds.charge', { when: format.dateTime(other.since, precisionOf(other.precisionMs)) })}
      </InternalLink>
      {other.agent && <AgentBadge agent={other.agent} />}
      <span className="num">{format.credits(other.charged)}</span>
    </li>
  )
  return (
    <>
      {jobs.length > 0 && <Links title={t('refunds.possible.jobs')}>{jobs}</Links>}
      {possible.cases.length > 0 && (
        <Links title={t('refunds.possible.cases')} note={t('refunds.possible.countedOnce', lines)}>
          {possible.cases.map(caseLink)}
        </Links>
      )}
      {possible.together.length > 0 && (
        <Links title={t('refunds.possible.together')} note={t('refunds.possible.sameSum', lines)}>
          {possible.together.map(caseLink)}
        </Links>
      )}
    </>
  )
}

function Links({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.links} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul>{children}</ul>
      {note && <p className="lines">{note}</p>}
    </section>
  )
}
