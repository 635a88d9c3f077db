import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../shared/errors.ts'
import type { BackupList, Recovered } from '../../shared/views.ts'
import { useCommand, useRoute } from '../data/hooks.ts'
import { lines } from '../i18n/format.ts'
import { useFormat } from '../i18n/use-format.tsx'
import { useErrorText } from '../i18n/use-texts.ts'
import { Problem } from '../parts/screen/problem.tsx'
import { Button } from '../ui/button.tsx'
import { reportReady } from '../ui/page-ready.ts'
import styles from './damage-page.module.css'
import { FullPage } from './full-page.tsx'

interface DamagePageProps {
  error: ErrorView
  /** The user has read what came back. */
  onRecovered: () => void
}

/** Shown instead of the app while its database cannot be used: says what a recovery does, runs it, and says what came of it. */
export function DamagePage({ error, onRecovered }: DamagePageProps) {
  const recovery = useCommand('recovery.start')
  useEffect(reportReady, [])
  if (recovery.data) return <Recovery recovered={recovery.data} onGoOn={onRecovered} />
  if (recovery.error?.code === 'nothing_to_recover') return <Whole error={recovery.error} onGoOn={onRecovered} />
  const Offer = error.code === 'database_replaced' ? OfferOfOther : OfferOfBackups
  return (
    <Offer
      error={error}
      failure={recovery.error}
      isRunning={recovery.isPending}
      onStart={(backup) => recovery.mutate({ backup })}
    />
  )
}

interface OfferProps {
  error: ErrorView
  failure: ErrorView | null
  isRunning: boolean
  /** Null begins without a backup; undefined begins from the newest intact one. */
  onStart: (backup: string | null | undefined) => void
}

function OfferOfBackups({ error, failure, isRunning, onStart }: OfferProps) {
  const { t } = useTranslation()
  const isLost = error.code !== 'database_corrupt'
  const { data: found, isPending } = useRoute('recovery.backups', {})
  const [chosen, choose] = useState<string | null | undefined>(undefined)
  const newest = found && (found.backups[0]?.name ?? null)
  const backup = chosen === undefined ? newest : chosen
  return (
    <FullPage
      role="alert"
      title={t(isLost ? 'damage.lostTitle' : 'damage.title', lines)}
      text={<p className="lines">{t(isLost ? 'damage.lostBody' : 'damage.body', lines)}</p>}
    >
      <ul>
        <li className="lines">{t('damage.steps.backup', lines)}</li>
        {!isLost && <li className="lines">{t('damage.steps.salvage', lines)}</li>}
        <li className="lines">{t('damage.steps.read', lines)}</li>
      </ul>
      {isPending && <p className="lines">{t('damage.choice.reading', lines)}</p>}
      {found && <BackupChoice found={found} chosen={backup} onChoose={choose} isFixed={isRunning} />}
      <Problem error={failure} />
      <Button variant="primary" disabled={isRunning || isPending} onClick={() => onStart(backup)}>
        {t(isRunning ? 'damage.recovering' : 'damage.recover')}
      </Button>
    </FullPage>
  )
}

/** Another file has the name of the database. If that file is damaged, the newest backup takes its place. */
function OfferOfOther({ failure, isRunning, onStart }: OfferProps) {
  const { t } = useTranslation()
  const { data: found, isPending } = useRoute('recovery.backups', {})
  const kept = found?.backups[0]
  return (
    <FullPage
      role="alert"
      title={t('damage.replacedTitle', lines)}
      text={<p className="lines">{t('damage.replacedBody', lines)}</p>}
    >
      {isPending && <p className="lines">{t('damage.choice.reading', lines)}</p>}
      {kept && <p className="lines">{t('damage.replacedKept', { ...lines, path: kept.path })}</p>}
      <Problem error={failure} />
      <Button variant="primary" disabled={isRunning || isPending} onClick={() => onStart(undefined)}>
        {t(isRunning ? 'damage.recovering' : 'damage.goOn')}
      </Button>
    </FullPage>
  )
}

interface BackupChoiceProps {
  found: BackupList
  chosen: string | null | undefined
  onChoose: (name: string | null) => void
  isFixed: boolean
}

/** The backups that can be restored, newest first, with their time and what they hold; and to begin without one. */
function BackupChoice({ found, chosen, onChoose, isFixed }: BackupChoiceProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { backups, unreadable } = found
  const option = (name: string | null, title: string, detail: string) => (
    <label key={name} className={styles.option}>
      <input type="radio" name="backup" checked={chosen === name} onChange={() => onChoose(name)} />
      <span>
        {title}
        <span className={`lines num ${styles.detail}`}>{detail}</span>
      </span>
    </label>
  )
  return (
    <fieldset className={styles.options} disabled={isFixed}>
      <legend>{t('damage.choice.title')}</legend>
      {backups.map((backup) =>
        option(backup.name, format.dateTime(backup.at), t('damage.choice.holds', { ...lines, ...backup })),
      )}
      {option(null, t('damage.choice.none'), t('damage.choice.noneHint', lines))}
      {unreadable > 0 && <p className="lines">{t('damage.choice.unreadable', { ...lines, count: unreadable })}</p>}
    </fieldset>
  )
}

function Recovery({ recovered, onGoOn }: { recovered: Recovered; onGoOn: () => void }) {
  const { t } = useTranslation()
  const { aside, backup, marks, messages, imports } = recovered
  return (
    <Outcome onGoOn={onGoOn}>
      {aside && <p className="lines">{t('damage.aside', { ...lines, path: aside })}</p>}
      <p className="lines">{backup ? t('damage.backup', { ...lines, path: backup }) : t('damage.noBackup', lines)}</p>
      <p className="lines">{t('damage.salvaged', { ...lines, marks, messages, imports })}</p>
    </Outcome>
  )
}

/** The check at the start of a recovery found the database whole, for example because its disk is back. */
function Whole({ error, onGoOn }: { error: ErrorView; onGoOn: () => void }) {
  const errorText = useErrorText()
  return (
    <Outcome onGoOn={onGoOn}>
      <p className="lines">{errorText(error)}</p>
    </Outcome>
  )
}

function Outcome({ onGoOn, children }: { onGoOn: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <FullPage role="status" title={t('damage.doneTitle', lines)} text={children}>
      <Button variant="primary" onClick={onGoOn}>
        {t('damage.goOn')}
      </Button>
    </FullPage>
  )
}
