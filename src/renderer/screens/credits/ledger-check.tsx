import type { TFunction } from 'i18next'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding, Reconciliation } from '../../../shared/views.ts'
import { useIsImported, useShowsAll } from '../../data/account.ts'
import { useConnection, useReadWhole } from '../../data/connection.ts'
import { useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { creditsPath } from '../../navigation/credits-path.ts'
import { casePath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Button } from '../../ui/button.tsx'
import { Amount, Time } from '../../ui/values.tsx'
import { DifferenceRequest } from './difference-request.tsx'
import styles from './ledger-check.module.css'

/** The number of days in which findings are searched. */
const days = 366
/** Findings shown before "show all": more of them usually have the same cause. */
const initialFindings = 10

/**
 * Whether the ledger adds up to the stated balance, and the findings in it. An incomplete ledger has refunds without
 * their charges, so nothing is checked before all of it was read.
 */
export function LedgerCheck() {
  // Tables state no balance of today, with which their rows could be compared.
  const isImported = useIsImported()
  if (useShowsAll()) return <PerAccount />
  return isImported ? null : <SyncedLedgerCheck />
}

/** A balance is that of one account, so all accounts together have nothing to compare. */
function PerAccount() {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section className={styles.check} aria-labelledby={id}>
      <h2 id={id}>{t('credits.check.title')}</h2>
      <p className={`lines ${styles.text}`}>{t('credits.check.perAccount', lines)}</p>
    </section>
  )
}

function SyncedLedgerCheck() {
  const { t } = useTranslation()
  const id = useId()
  const { sync } = useConnection()
  const whole = useReadWhole('credits')
  // Both queries read the whole ledger, so they run after a sync and not after each of its pages.
  const enabled = whole === true && sync?.status !== 'running'
  const reconcile = useRoute('credits.reconcile', {}, { enabled })
  const find = useRoute('credits.findings', { days }, { enabled })
  const [reconciliation, findings] = [reconcile.data, find.data]
  const checked = whole && reconciliation && findings
  const error = checked ? null : (reconcile.error ?? find.error)
  if (whole !== false && !checked && !error) return null
  const retry = () => {
    for (const query of [reconcile, find]) if (query.error) void query.refetch()
  }
  return (
    <section
      className={styles.check}
      aria-labelledby={id}
      data-difference={checked ? (reconciliation.difference ?? '') : ''}
    >
      <h2 id={id}>{t('credits.check.title')}</h2>
      <div className={styles.text}>
        {error ? (
          <ErrorState title={t('credits.check.failed')} error={error} onRetry={retry} />
        ) : checked ? (
          <Answer reconciliation={reconciliation} findings={findings} />
        ) : (
          <p className="lines">{t('credits.check.unread', lines)}</p>
        )}
      </div>
    </section>
  )
}

function Answer({ reconciliation, findings }: { reconciliation: Reconciliation; findings: Finding[] }) {
  const { t } = useTranslation()
  const calm = reconciliation.difference === 0 && findings.length === 0
  return (
    <>
      <p className="lines">{calm ? t('credits.check.calm', lines) : sum(t, reconciliation)}</p>
      <HistoryEnd />
      {!calm && findings.length === 0 && <p className="lines">{t('credits.check.nothingFound', lines)}</p>}
      <Candidates reconciliation={reconciliation} />
      {reconciliation.unexplained !== 0 && <DifferenceRequest reconciliation={reconciliation} />}
      {findings.length > 0 && <Findings findings={findings} />}
    </>
  )
}

/** Shows the end of the history if the balance changed after it: later rows may be the difference. */
function HistoryEnd() {
  const { t } = useTranslation()
  const { sync } = useConnection()
  const at = sync?.streams.find(({ stream }) => stream === 'credits')?.historyEndsAt ?? null
  return at === null ? null : <p className="lines">{t('sync.historyEnds', { at, ...lines })}</p>
}

/** A sentence that compares the ledger with the stated balance. */
function sum(t: TFunction, reconciliation: Reconciliation): string {
  const { stated, statedAt, difference, unexplained, searchedNewest, candidates } = reconciliation
  if (difference === null) return t('credits.check.openingUnknown', lines)
  if (difference === 0) return t('credits.check.addsUp', { stated, at: statedAt, ...lines })
  const isPartly = candidates.some(({ explains }) => explains)
  const explained = unexplained === 0 ? 'explained' : isPartly ? 'partly' : 'unexplained'
  const more = difference > 0 ? 'more' : 'less'
  return [
    t(`credits.check.${more}`, { stated, at: statedAt, amount: Math.abs(difference), ...lines }),
    t(`credits.check.${explained}`, { amount: Math.abs(unexplained), ...lines }),
    searchedNewest !== null && t('credits.check.searchedNewest', { count: searchedNewest, ...lines }),
  ]
    .filter(Boolean)
    .join(' ')
}

/** The candidates that explain the difference; all others are omitted. */
function Candidates({ reconciliation: { difference, candidates } }: { reconciliation: Reconciliation }) {
  const { t } = useTranslation()
  const explaining = candidates.filter(({ explains }) => explains)
  if (difference === null || explaining.length === 0) return null
  return (
    <ul className={styles.reasons}>
      {explaining.map(({ kind, records, amount, at }) => (
        <li key={kind} className="lines">
          {t(`credits.check.candidate.${kind}`, { count: records, amount: Math.abs(amount ?? 0), at, ...lines })}
        </li>
      ))}
    </ul>
  )
}

function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const visible = all ? findings : findings.slice(0, initialFindings)
  return (
    <>
      <ul className={styles.findings} aria-label={t('credits.check.findings')}>
        {visible.map((finding) => (
          <FindingRow key={finding.transactionIds.join()} finding={finding} />
        ))}
      </ul>
      {visible.length < findings.length && (
        <Button size="small" onClick={() => setAll(true)}>
          {t('credits.check.showAll', { count: findings.length })}
        </Button>
      )}
    </>
  )
}

function FindingRow({ finding }: { finding: Finding }) {
  const { t } = useTranslation()
  const { kind, at, amount, transactionIds, prompt } = finding
  const text = kind === 'double_charge' && !prompt ? (`${kind}.textWithoutPrompt` as const) : (`${kind}.text` as const)
  return (
    <li className={styles.finding} data-finding={kind}>
      <div>
        <p className={`lines ${styles.name}`}>{t(`credits.check.finding.${kind}.title`, lines)}</p>
        <p className={styles.about}>
          <Time at={at} />
          {prompt && <span className="clip">{prompt}</span>}
        </p>
        <p className={`lines ${styles.about}`}>
          {t(`credits.check.finding.${text}`, { count: transactionIds.length, ...lines })}
        </p>
      </div>
      <Amount value={amount} look="unit" className={styles.amount} />
      <p className={styles.links}>
        {finding.case && (
          <InternalLink to={casePath({ account: finding.account, case: finding.case })}>
            {t('credits.check.toCase')}
          </InternalLink>
        )}
        {transactionIds.map((row, index) => (
          <InternalLink key={row} to={creditsPath({ row })}>
            {transactionIds.length > 1
              ? t('credits.check.toRowNumber', { number: index + 1 })
              : t('credits.check.toRow')}
          </InternalLink>
        ))}
      </p>
    </li>
  )
}
