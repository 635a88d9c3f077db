import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView, Balance as BalanceView } from '../../../shared/views.ts'
import { now } from '../../data/clock.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useLabels } from '../../i18n/use-texts.ts'
import { Amount } from '../../ui/values.tsx'
import styles from './balance.module.css'

const soonMs = 7 * 24 * 3_600_000

/** The account's balance: the sum, a bar by credit source, and each source with its expiry, soonest first. */
export function Balance({ account, layout }: { account: AccountView; layout: 'wide' | 'inline' }) {
  const { t } = useTranslation()
  const { balance, isImported } = account
  const kinds = kindsOf(account)
  if (balance === null) return <p className={`lines ${styles.stated}`}>{t('credits.notStated', lines)}</p>
  return (
    <div>
      <p className={styles.sum}>
        <Amount value={balance} />
        <span className="sr-only">{t('credits.unit')}</span>
      </p>
      {balance < 0 && (
        <p className={`lines ${styles.below}`}>{t('credits.belowZero', { amount: -balance, ...lines })}</p>
      )}
      {isImported && (
        <p className={`lines ${styles.stated}`}>{t('credits.asOfTable', { at: account.balanceAsOf, ...lines })}</p>
      )}
      {kinds.length > 0 && (
        <>
          <div className={styles.bar} aria-hidden>
            {kinds.map((kind) => (
              <span key={kind.key} {...fillOf(kind)} style={{ '--share': kind.amount } as CSSProperties} />
            ))}
          </div>
          <ul className={layout === 'inline' ? styles.inline : undefined}>
            {kinds.map((kind) => (
              <KindRow key={kind.key} kind={kind} />
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function KindRow({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  const format = useFormat()
  const labels = useLabels()
  const { source, amount, expiresAt } = kind
  return (
    <li className={styles.kind}>
      <span className={styles.swatch} {...fillOf(kind)} />
      <span>{labels.source(source)}</span>
      <Amount value={amount} className={styles.amount} />
      <span className={`${styles.expiry} ${kind.soon ? styles.soon : ''}`}>
        {expiresAt === null ? (
          t('credits.noExpiry')
        ) : (
          <>
            {t('credits.expires', { at: expiresAt })}
            {kind.soon && `${middleDot}${format.relativeDay(expiresAt)}`}
          </>
        )}
      </span>
    </li>
  )
}

interface Kind extends BalanceView {
  key: string
  soon: boolean
  /** Index by descending amount; the largest amount gets the least prominent fill. */
  rank: number
}

function kindsOf({ balances }: AccountView): Kind[] {
  const left = balances.filter((kind) => kind.amount > 0).sort((a, b) => b.amount - a.amount)
  const expiryOf = ({ expiresAt }: BalanceView) => expiresAt ?? Number.MAX_SAFE_INTEGER
  return left
    .map((kind, rank) => ({
      ...kind,
      key: `${kind.source} ${kind.expiresAt}`,
      soon: expiryOf(kind) - now() < soonMs,
      rank,
    }))
    .sort((a, b) => expiryOf(a) - expiryOf(b))
}

const fillOf = ({ soon, rank }: Kind) => ({ 'data-fill': `${soon ? 'soon' : 'later'}-${rank % 4}` })
