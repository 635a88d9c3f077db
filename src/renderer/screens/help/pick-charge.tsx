import { MessageCircle } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { unprovenStatuses } from '../../../shared/status-sets.ts'
import { attentionStatuses } from '../../../shared/values.ts'
import type { LedgerItem } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { caseKey, recordAttributes } from '../../data/records.ts'
import { lines, middleDot, precisionOf } from '../../i18n/format.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { helpPath } from '../../navigation/help-path.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { StatusIcon } from '../../parts/credits/status-pill.tsx'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Amount, Time } from '../../ui/values.tsx'
import styles from './pick-charge.module.css'
import stepStyles from './steps.module.css'

type Charge = Pick<LedgerItem, 'account' | 'agent' | 'jobId' | 'feature' | 'model' | 'prompt' | 'refundStatus'> & {
  case: string
  at: number
  precisionMs: number
  amount: number
}

const maxPerList = 6

interface PickChargeProps {
  /** The time that the user entered, in epoch milliseconds. */
  at: number | undefined
  /** The charges around that time. */
  around: LedgerItem[] | undefined
}

/** Offers the charges that need attention and the newest ones, or those around a time. */
export function PickCharge({ at, around }: PickChargeProps) {
  const { t } = useTranslation()
  const { data: open } = useRoute('refunds.list', {
    tab: 'open',
    statuses: [...attentionStatuses, ...unprovenStatuses],
    limit: maxPerList,
  })
  const { data: newest } = useRoute('credits.list', { kinds: ['charge'], limit: 4 * maxPerList })
  if (!open || !newest) return null
  const toCheck = open.items.map(
    (item): Charge => ({ ...item, feature: item.kind, at: item.since, amount: -item.charged }),
  )
  const isToCheck = (charge: Charge) => toCheck.some((item) => caseKey(item) === caseKey(charge))
  const others = chargesOf(newest.items).filter((charge) => !isToCheck(charge))
  return (
    <>
      <TimeField at={at} />
      {at !== undefined && around && (
        <>
          <Charges title={t('help.pick.around', { at })} charges={chargesOf(around)} />
          <Talk items={around.filter((item) => item.case === null)} />
        </>
      )}
      {at === undefined && (
        <>
          {toCheck.length > 0 && <Charges title={t('help.pick.toCheck')} charges={toCheck} />}
          <Charges title={t('help.pick.newest')} charges={others.slice(0, maxPerList)} />
        </>
      )}
    </>
  )
}

const chargesOf = (items: LedgerItem[]): Charge[] =>
  items.flatMap((item) =>
    item.case !== null && item.kind === 'charge' ? { ...item, case: item.case, at: item.occurredAt } : [],
  )

/** Charges for features without results: only their feature can be shown. */
function Talk({ items }: { items: LedgerItem[] }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const id = useId()
  if (items.length === 0) return null
  return (
    <section aria-labelledby={id} className={styles.charges}>
      <h4 id={id}>{t('help.pick.talk')}</h4>
      <p className={`lines ${stepStyles.text}`}>{t('help.pick.talkText', lines)}</p>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <Link href={creditsPath({ row: item.id })} className={styles.charge}>
              <Icon icon={MessageCircle} />
              <Amount value={item.amount} look="signed" className={styles.amount} />
              <span className={`clip ${styles.about}`}>{labels.feature(item.feature ?? '')}</span>
              <Time at={item.occurredAt} precision={precisionOf(item.precisionMs)} className={styles.at} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** `2026-01-28T20:59` in local time, the value format of a `datetime-local` field. */
const fieldValue = (at: number) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)

function TimeField({ at }: { at: number | undefined }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // Keeps incomplete input; only a change of the address replaces the value.
    if (input.current && timeIn(input.current) !== at) input.current.value = at === undefined ? '' : fieldValue(at)
  }, [at])
  const look = (chosen: number | undefined) => {
    if (chosen !== undefined) navigate(helpPath('no-result', { at: chosen }), { replace: true })
  }
  return (
    <div className={styles.time}>
      <label htmlFor={id}>{t('help.pick.time')}</label>
      <TextField ref={input} id={id} type="datetime-local" onChange={({ target }) => look(timeIn(target))} />
    </div>
  )
}

/** Epoch milliseconds; undefined while the date is incomplete. */
const timeIn = ({ value }: HTMLInputElement) => new Date(value).getTime() || undefined

function Charges({ title, charges }: { title: string; charges: Charge[] }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const id = useId()
  return (
    <section aria-labelledby={id} className={styles.charges}>
      <h4 id={id}>{title}</h4>
      {charges.length === 0 && <p className={stepStyles.text}>{t('help.pick.none')}</p>}
      <ul>
        {charges.map((charge) => {
          const { account, agent, jobId, refundStatus, amount, feature, model, prompt, at, precisionMs } = charge
          return (
            <li key={caseKey(charge)} {...(refundStatus && recordAttributes({ account, agent, jobId, refundStatus }))}>
              <InternalLink
                to={helpPath('no-result', { case: charge.case })}
                account={account}
                className={styles.charge}
              >
                {refundStatus && <StatusIcon status={refundStatus} />}
                <Amount value={amount} look="signed" className={styles.amount} />
                <span className={`clip ${styles.about}`}>
                  {[model ?? (feature && labels.feature(feature)), prompt].filter(Boolean).join(middleDot)}
                </span>
                <Time at={at} precision={precisionOf(precisionMs)} className={styles.at} />
                {refundStatus && <span className="sr-only">{labels.status(refundStatus)}</span>}
                <AccountBadge account={account} />
              </InternalLink>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
