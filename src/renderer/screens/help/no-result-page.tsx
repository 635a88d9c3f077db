import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CaseDetail, StreamState } from '../../../shared/views.ts'
import { useConnection } from '../../data/connection.ts'
import { useRoute } from '../../data/hooks.ts'
import { useReady } from '../../data/ready.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-labels.ts'
import { type HelpPlace, helpPath, useHelpPlace, widerThan } from '../../navigation/help-path.ts'
import { ExternalLink, InternalLink } from '../../parts/links.tsx'
import { ErrorState } from '../../parts/states.tsx'
import { Candidates } from './candidates.tsx'
import { CaratWords } from './carat-words.tsx'
import { ChargeFacts } from './charge-facts.tsx'
import { FoundJob } from './found-job.tsx'
import { HelpPage } from './help-page.tsx'
import { LookedAt } from './looked-at.tsx'
import { Ending, Explained, endingOf, VerdictTitle } from './no-result-answers.tsx'
import { PickCharge } from './pick-charge.tsx'
import { OtherSignIn, SignInStep } from './sign-in-step.tsx'
import stepStyles from './steps.module.css'
import { type Step, Steps } from './steps.tsx'
import { UnreadStep, unreadOf } from './unread-step.tsx'

const lines = { separator: '\n' }
const to = (place: HelpPlace) => helpPath('no-result', place)

/** What the app can say about a charge by itself: all of it, where the result is, that it failed, or nothing yet. */
function turnOf({ refundStatus, reason, outcome }: CaseDetail): 'explained' | 'delivered' | 'failed' | 'open' {
  switch (refundStatus) {
    case 'completed':
      return 'delivered'
    case 'refund_missing':
    case 'result_missing':
    case 'cannot_tell':
    case 'needs_review':
      if (reason === 'over_refunded') return 'explained'
      return outcome === 'failed' || outcome === 'canceled' ? 'failed' : 'open'
    default:
      return 'explained'
  }
}

/** Credits were deducted, but there is no result: from the charge to where the result is, or to support with proof. */
export function NoResultPage() {
  const { t } = useTranslation()
  const place = useHelpPlace()
  const hours = place.hours ?? 2
  const { sync } = useConnection()
  const { data, error, refetch } = useRoute(
    'help.lookAround',
    place.case === undefined ? { at: place.at ?? 0, hours } : { case: place.case, hours },
    { enabled: place.case !== undefined || place.at !== undefined },
  )
  const { data: whereabouts } = useRoute('help.whereabouts', {})
  // While another charge is being read, the answer of the last one is still there.
  const item = place.case !== undefined && data?.case?.case === place.case ? data.case : null
  const chargeLine = useChargeLine(item)
  const ready = whereabouts !== undefined && sync !== undefined && (place.case === undefined || item !== null)
  useReady(ready || error !== null)

  const rail = (
    <>
      {item && <ChargeFacts item={item} />}
      <LookedAt />
      <CaratWords quotes={[t('help.no-result.quote1', lines), t('help.no-result.quote2', lines)]} source="helpFailed" />
      <ExternalLink to="helpHistory">{t('help.no-result.historyLink')}</ExternalLink>
    </>
  )
  if (error && place.case !== undefined && !item) {
    return (
      <HelpPage path="no-result" started rail={rail}>
        <ErrorState error={error} onRetry={refetch} />
      </HelpPage>
    )
  }

  const unread = unreadOf(sync?.streams ?? [], item?.unread)
  const turn = item ? turnOf(item) : 'open'
  const current = currentStep(place, item, unread)
  const candidates = data?.candidates ?? []
  const others = whereabouts?.otherAccounts ?? []
  const own = item?.agent && item.jobId !== null ? { agent: item.agent, jobId: item.jobId } : undefined
  const found = place.result ?? (turn === 'delivered' && place.step === undefined ? own : undefined)
  const afterSignIn: HelpPlace = { case: place.case, hours: place.hours, step: unread.length > 0 ? 'unread' : 'end' }
  const wider = widerThan(hours)

  const steps: (Step | false)[] = [
    {
      id: 'charge',
      title: t('help.step.charge', lines),
      finding: chargeLine,
      action: <InternalLink to={to({})}>{t('help.step.change')}</InternalLink>,
      body: <PickCharge place={place} around={data?.charges} />,
    },
    {
      id: 'refunded',
      title: item && turn === 'explained' ? <VerdictTitle item={item} /> : t('help.step.refunded', lines),
      finding: item && refundFinding(t, item, sync?.streams ?? []),
      body: item && <Explained item={item} />,
      answer: 'explained',
    },
    turn !== 'failed' && {
      id: 'result',
      title: found
        ? t(`help.answer.${found.agent}`, lines)
        : t(candidates.length > 0 ? 'help.step.result' : 'help.step.noResult', lines),
      finding:
        turn === 'delivered'
          ? t('help.candidate.anotherOne', lines)
          : t('help.candidate.notThere', { count: hours, ...lines }),
      answer: found && 'found',
      body: found ? (
        <FoundJob job={found} goOn={to({ case: place.case, hours: place.hours, step: 'result' })} />
      ) : (
        <>
          <p className={`lines ${stepStyles.text}`}>
            {candidates.length > 0
              ? t('help.candidate.text', { count: hours, ...lines })
              : t('help.candidate.none', { count: hours, ...lines })}
          </p>
          <Candidates
            jobs={candidates}
            about={(job) =>
              [
                job.sameModel ? t('help.candidate.sameModel') : job.model,
                t(`help.candidate.${job.apartMs < 0 ? 'before' : 'after'}`, { by: Math.abs(job.apartMs) }),
              ].join(' · ')
            }
            answer={({ agent, jobId }) => to({ ...place, step: 'result', result: { agent, jobId } })}
          />
          <div className={stepStyles.actions}>
            <InternalLink to={to({ ...place, step: 'signIn' })} button={{ variant: 'primary', size: 'large' }}>
              {t(candidates.length > 0 ? 'help.candidate.no' : 'help.candidate.next')}
            </InternalLink>
            {wider && (
              <InternalLink to={to({ ...place, step: 'result', hours: wider })}>
                {t('help.candidate.wider')}
              </InternalLink>
            )}
          </div>
        </>
      ),
    },
    turn !== 'failed' && {
      id: 'signIn',
      title: t(place.step === 'otherSignIn' ? 'help.signIn.answerTitle' : 'help.step.signIn', lines),
      finding: t('help.signIn.finding', lines),
      answer: place.step === 'otherSignIn' ? 'otherSignIn' : undefined,
      body:
        place.step === 'otherSignIn' ? (
          <OtherSignIn others={others} />
        ) : (
          <SignInStep others={others} elsewhere={to({ ...place, step: 'otherSignIn' })} goOn={to(afterSignIn)} />
        ),
    },
    unread.length > 0 && {
      id: 'unread',
      title: t('help.step.unread', lines),
      finding: t('help.unread.finding', { count: unread.length, ...lines }),
      body: <UnreadStep streams={unread} goOn={to({ ...place, step: 'end' })} />,
    },
    {
      id: 'end',
      title: item && current === 'end' ? <VerdictTitle item={item} /> : t('help.step.end', lines),
      answer: item ? endingOf(item) : undefined,
      body: item && <Ending item={item} />,
    },
  ]
  const all = steps.filter((step) => step !== false)
  const position = all.findIndex(({ id }) => id === current)
  const answered = all[position]?.answer !== undefined
  return (
    <HelpPage
      path="no-result"
      started={item !== null || place.at !== undefined}
      progress={
        answered
          ? t(current === 'end' ? 'help.searched' : 'help.answered')
          : t('help.progress', { step: position + 1, count: all.length })
      }
      rail={rail}
    >
      {ready && <Steps steps={answered ? all.slice(0, position + 1) : all} current={current} />}
    </HelpPage>
  )
}

function currentStep(place: HelpPlace, item: CaseDetail | null, unread: StreamState[]): string {
  if (!item) return 'charge'
  const turn = turnOf(item)
  if (turn === 'explained') return 'refunded'
  if (place.step === 'end') return 'end'
  if (place.step === 'unread' || turn === 'failed') return unread.length > 0 ? 'unread' : 'end'
  if (place.step === 'signIn' || place.step === 'otherSignIn') return 'signIn'
  return 'result'
}

/** The charge in a line: when, for what, with which model, how much. */
function useChargeLine(item: CaseDetail | null): string | null {
  const format = useFormat()
  const labels = useLabels()
  if (!item) return null
  const charge = item.transactions.find(({ kind }) => kind === 'charge')
  return [
    format.dateTime(charge?.occurredAt ?? item.since),
    charge?.feature && labels.feature(charge.feature),
    item.model,
    format.credits(item.charged),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Whether the charge was given back, and up to when the credits were read. */
function refundFinding(t: TFunction, item: CaseDetail, streams: StreamState[]): string {
  const readAt = streams.find(({ stream }) => stream === 'credits')?.lastSuccessAt ?? null
  const refund = item.refunded > 0 ? 'some' : 'none'
  return readAt === null
    ? t('help.refund.unread', lines)
    : t(`help.refund.${refund}`, { amount: item.refunded, at: readAt, ...lines })
}
