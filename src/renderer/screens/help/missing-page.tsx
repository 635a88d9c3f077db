import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { JobItem, Whereabouts } from '../../../shared/views.ts'
import { useConnection } from '../../data/connection.ts'
import { useRoute } from '../../data/hooks.ts'
import { jobKey, recordAttributes } from '../../data/records.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { type HelpState, helpPath, useHelpState } from '../../navigation/help-path.ts'
import { jobPath } from '../../navigation/paths.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { AgentBadge } from '../../parts/jobs/agent-badge.tsx'
import { captionOf } from '../../parts/jobs/use-job-words.ts'
import { useSearchText } from '../../parts/jobs/use-search-text.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { useReady } from '../../parts/screen/screen.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Candidates } from './candidates.tsx'
import { CaratQuotes } from './carat-quotes.tsx'
import { FoundJob } from './found-job.tsx'
import styles from './help-page.module.css'
import { LibraryLinks } from './library-links.tsx'
import { planMissing } from './plan.ts'
import { SearchedSources } from './searched-sources.tsx'
import stepStyles from './steps.module.css'
import { unreadOf } from './unread-step.tsx'
import { useLastSteps, Wizard } from './wizard.tsx'

const to = (state: HelpState) => helpPath('missing', state)

/** Finds missing chats or works: at the other agent, in another sign-in, not synced yet, or stored only here. */
export function MissingPage() {
  const { t } = useTranslation()
  const state = useHelpState()
  const { sync } = useConnection()
  const { data, error } = useRoute('help.whereabouts', { text: state.text })
  const ready = data !== undefined && sync !== undefined
  useReady(ready || error !== null)

  const unread = unreadOf(sync?.streams ?? [])
  const plan = planMissing(state, { unread: unread.length })
  const { result, text } = state
  const lastSteps = useLastSteps({
    path: 'missing',
    state: { text },
    step: state.step,
    others: data?.otherAccounts ?? [],
    unread,
  })
  const views = {
    search: {
      title: result ? t(`help.answer.${result.agent}`, lines) : t('help.step.search', lines),
      finding: text ? t('help.missing.notFound', { text, ...lines }) : t('help.missing.notSearched', lines),
      action: <InternalLink to={to({ text })}>{t('help.step.change')}</InternalLink>,
      body: result ? (
        <FoundJob job={result} goOn={to({ text })} />
      ) : (
        data && <SearchBothAgents state={state} whereabouts={data} />
      ),
    },
    ...lastSteps,
    end: {
      title: t(plan.current === 'end' ? 'help.missing.end.title' : 'help.missing.end.ahead', lines),
      body: <Elsewhere />,
    },
  }
  return (
    <Wizard
      path="missing"
      plan={plan}
      views={views}
      ready={ready}
      started={result !== undefined || state.step !== undefined}
      rail={
        <>
          <SearchedSources />
          <CaratQuotes
            quotes={[t('help.missing.quote1', lines), t('help.missing.quote2', lines), t('help.missing.quote3', lines)]}
            source="helpMissingChats"
          />
          <section className={styles.web}>
            <h3>{t('help.missing.web')}</h3>
            <ExternalLink to="agent1">{t('agent.agent-1')}</ExternalLink>
            <ExternalLink to="agent2">{t('agent.agent-2')}</ExternalLink>
          </section>
        </>
      }
    />
  )
}

/** A search in the libraries of both agents, with the number of jobs in each. */
function SearchBothAgents({ state: { text }, whereabouts }: { state: HelpState; whereabouts: Whereabouts }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [, navigate] = useLocation()
  const [typed, setTyped] = useSearchText(text ?? '', (words) => navigate(to({ text: words }), { replace: true }))
  const { agents, matches, elsewhere } = whereabouts
  const kept = agents.reduce((sum, { removed }) => sum + removed, 0)
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{t('help.missing.search', lines)}</p>
      <SearchField label={t('help.missing.searchLabel')} value={typed} onChange={setTyped} className={styles.search} />
      {text && matches.length + elsewhere.length === 0 && (
        <p className={`lines ${stepStyles.text}`}>{t('help.missing.noMatch', { text, ...lines })}</p>
      )}
      <Candidates
        jobs={matches}
        about={(job) => [t(`agent.${job.agent}`), format.dateTime(job.createdAt)].join(middleDot)}
        answer={({ agent, jobId }) => to({ text, result: { agent, jobId } })}
      />
      {elsewhere.length > 0 && <InOtherAccounts jobs={elsewhere} />}
      {!text && (
        <div className={styles.wide}>
          <LibraryLinks />
        </div>
      )}
      {kept > 0 && <p className={`lines ${stepStyles.text}`}>{t('help.missing.kept', { count: kept, ...lines })}</p>}
      <div className={stepStyles.actions}>
        <InternalLink to={to({ text, step: 'signIn' })} button={{ variant: 'primary', size: 'large' }}>
          {t('help.candidate.no')}
        </InternalLink>
      </div>
    </>
  )
}

/** Works of the other accounts that match. Opening one shows its account. */
function InOtherAccounts({ jobs }: { jobs: readonly JobItem[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const id = useId()
  return (
    <section aria-labelledby={id} className={styles.elsewhere}>
      <h3 id={id}>{t('help.missing.elsewhere')}</h3>
      <p className={`lines ${stepStyles.text}`}>{t('help.missing.elsewhereText', lines)}</p>
      <ul>
        {jobs.map((job) => (
          <li key={jobKey(job)} {...recordAttributes(job)}>
            <InternalLink to={jobPath({ agent: job.agent, jobId: job.jobId })} account={job.account}>
              <span className="clip">{captionOf(job) || job.model}</span>
            </InternalLink>
            <AgentBadge agent={job.agent} />
            <AccountBadge account={job.account} />
            <span className="num">{format.dateTime(job.createdAt)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The answer if nothing was found on this computer: where else the work can be. */
function Elsewhere() {
  const { t } = useTranslation()
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>{t('help.missing.end.text', lines)}</p>
      <div className={stepStyles.actions}>
        <ExternalLink to="agent1" button={{}}>
          {t('help.missing.end.agent-1')}
        </ExternalLink>
        <ExternalLink to="agent2" button={{}}>
          {t('help.missing.end.agent-2')}
        </ExternalLink>
        <ExternalLink to="support">{t('nav.support')}</ExternalLink>
      </div>
    </>
  )
}
