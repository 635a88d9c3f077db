import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CaseDetail, LookAround, StreamState } from '../../../shared/views.ts'
import { useConnection } from '../../data/connection.ts'
import { useRoute } from '../../data/hooks.ts'
import { lines, middleDot, precisionOf } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { firstHours, type HelpState, helpPath, useHelpState, widerThan } from '../../navigation/help-path.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { useReady } from '../../parts/screen/screen.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Candidates } from './candidates.tsx'
import { CaratQuotes } from './carat-quotes.tsx'
import { ChargeFacts } from './charge-facts.tsx'
import { FoundJob } from './found-job.tsx'
import { HelpPage } from './help-page.tsx'
import { Ending, Explained, VerdictTitle } from './no-result-answers.tsx'
import { PickCharge } from './pick-charge.tsx'
import { foundJob, ownAnswer, planNoResult } from './plan.ts'
import { SearchedSources } from './searched-sources.tsx'
import stepStyles from './steps.module.css'
import type { StepView } from './steps.tsx'
import { unreadOf } from './unread-step.tsx'
import { useLastSteps, Wizard } from './wizard.tsx'

const to = (state: HelpState) => helpPath('no-result', state)

/** Credits were charged, but there is no result: finds the result, or leads to support with evidence. */
export function NoResultPage() {
  const { t } = useTranslation()
  const state = useHelpState()
  const hours = state.hours ?? firstHours
  const { sync } = useConnection()
  const { data, error, refetch } = useRoute(
    'help.lookAround',
    state.case === undefined ? { at: state.at ?? 0, hours } : { case: state.case, hours },
    { enabled: state.case !== undefined || state.at !== undefined },
  )
  const { data: whereabouts } = useRoute('help.whereabouts', {})
  // While another charge is loading, the query still returns the previous charge.
  const item = state.case !== undefined && data?.case?.case === state.case ? data.case : null
  const chargeLine = useChargeLine(item)
  const ready = whereabouts !== undefined && sync !== undefined && (state.case === undefined || item !== null)
  useReady(ready || error !== null)

  const unread = unreadOf(sync?.streams ?? [], item?.unread)
  const plan = planNoResult(state, { item, unread: unread.length })
  const lastSteps = useLastSteps({
    path: 'no-result',
    state: { case: state.case, hours: state.hours },
    step: state.step,
    others: whereabouts?.otherAccounts ?? [],
    unread,
  })
  const resultStep = useResultStep(state, item, data?.candidates ?? [])

  const rail = (
    <>
      {item && <ChargeFacts item={item} />}
      <SearchedSources />
      <CaratQuotes
        quotes={[t('help.no-result.quote1', lines), t('help.no-result.quote2', lines)]}
        source="helpFailed"
      />
      <ExternalLink to="helpHistory">{t('help.no-result.historyLink')}</ExternalLink>
    </>
  )
  if (error && state.case !== undefined && !item) {
    return (
      <HelpPage path="no-result" started rail={rail}>
        <ErrorState error={error} onRetry={refetch} />
      </HelpPage>
    )
  }

  const explained = item !== null && ownAnswer(item) === 'explained'
  const views = {
    charge: {
      title: t('help.step.charge', lines),
      finding: chargeLine,
      action: <InternalLink to={to({})}>{t('help.step.change')}</InternalLink>,
      body: <PickCharge at={state.at} around={data?.charges} />,
    },
    refunded: {
      title: explained ? <VerdictTitle item={item} /> : t('help.step.refunded', lines),
      finding: item && refundFinding(t, item, sync?.streams ?? []),
      body: item && <Explained item={item} />,
    },
    result: resultStep,
    ...lastSteps,
    end: {
      title: item && plan.current === 'end' ? <VerdictTitle item={item} /> : t('help.step.end', lines),
      body: item && <Ending item={item} />,
    },
  }
  return (
    <Wizard
      path="no-result"
      plan={plan}
      views={views}
      ready={ready}
      started={item !== null || state.at !== undefined}
      rail={rail}
    />
  )
}

/** The step that shows the found job, or the candidates around the time of the charge. */
function useResultStep(state: HelpState, item: CaseDetail | null, candidates: LookAround['candidates']): StepView {
  const { t } = useTranslation()
  const hours = state.hours ?? firstHours
  const found = foundJob(state, item)
  const wasDelivered = item !== null && ownAnswer(item) === 'delivered'
  return {
    title: found
      ? t(`help.answer.${found.agent}`, lines)
      : t(candidates.length > 0 ? 'help.step.result' : 'help.step.noResult', lines),
    finding: wasDelivered
      ? t('help.candidate.anotherOne', lines)
      : t('help.candidate.notThere', { count: hours, ...lines }),
    body: found ? (
      <FoundJob job={found} goOn={to({ case: state.case, hours: state.hours, step: 'result' })} />
    ) : (
      <ChooseResult state={state} candidates={candidates} />
    ),
  }
}

function ChooseResult({ state, candidates }: { state: HelpState; candidates: LookAround['candidates'] }) {
  const { t } = useTranslation()
  const hours = state.hours ?? firstHours
  const wider = widerThan(hours)
  return (
    <>
      <p className={`lines ${stepStyles.text}`}>
        {t(candidates.length > 0 ? 'help.candidate.text' : 'help.candidate.none', { count: hours, ...lines })}
      </p>
      <Candidates
        jobs={candidates}
        about={(job) =>
          [
            job.sameModel ? t('help.candidate.sameModel') : job.model,
            t(`help.candidate.${job.apartMs < 0 ? 'before' : 'after'}`, { by: Math.abs(job.apartMs) }),
          ].join(middleDot)
        }
        answer={({ agent, jobId }) => to({ ...state, step: 'result', result: { agent, jobId } })}
      />
      <div className={stepStyles.actions}>
        <InternalLink to={to({ ...state, step: 'signIn' })} button={{ variant: 'primary', size: 'large' }}>
          {t(candidates.length > 0 ? 'help.candidate.no' : 'help.candidate.next')}
        </InternalLink>
        {wider && (
          <InternalLink to={to({ ...state, step: 'result', hours: wider })}>{t('help.candidate.wider')}</InternalLink>
        )}
      </div>
    </>
  )
}

/** A line about the charge: time, feature, model and amount. */
function useChargeLine(item: CaseDetail | null): string | null {
  const format = useFormat()
  const labels = useLabels()
  if (!item) return null
  const charge = item.transactions.find(({ kind }) => kind === 'charge')
  return [
    format.dateTime(charge?.occurredAt ?? item.since, precisionOf(charge?.precisionMs ?? item.precisionMs)),
    charge?.feature && labels.feature(charge.feature),
    item.model,
    format.credits(item.charged),
  ]
    .filter(Boolean)
    .join(middleDot)
}

/** Whether the charge was refunded, and when the credits were last synced. */
function refundFinding(t: TFunction, item: CaseDetail, streams: StreamState[]): string {
  const readAt = streams.find(({ stream }) => stream === 'credits')?.lastSuccessAt ?? null
  const refund = item.refunded > 0 ? 'some' : 'none'
  return readAt === null
    ? t('help.refund.unread', lines)
    : t(`help.refund.${refund}`, { amount: item.refunded, at: readAt, ...lines })
}
