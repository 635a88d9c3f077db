import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../shared/errors.ts'
import type { Recovered } from '../../shared/views.ts'
import { useCommand } from '../data/hooks.ts'
import { useErrorText } from '../i18n/use-texts.ts'
import { Button } from '../ui/button.tsx'
import { FullPage } from './full-page.tsx'

const lines = { separator: '\n' }

interface DamagePageProps {
  error: ErrorView
  /** The user has read what came back. */
  onRecovered: () => void
}

/** Shown instead of the app while its database cannot be read: says what a recovery does, runs it, and says what came back. */
export function DamagePage({ error, onRecovered }: DamagePageProps) {
  const recovery = useCommand('recovery.start')
  useEffect(() => document.getElementById('root')?.setAttribute('data-ready', ''), [])
  return (
    <FullPage role="status">
      {recovery.data ? (
        <Outcome recovered={recovery.data} onRecovered={onRecovered} />
      ) : (
        <Offer
          error={error}
          failure={recovery.error}
          isRunning={recovery.isPending}
          onStart={() => recovery.mutate({})}
        />
      )}
    </FullPage>
  )
}

interface OfferProps {
  error: ErrorView
  failure: ErrorView | null
  isRunning: boolean
  onStart: () => void
}

function Offer({ error, failure, isRunning, onStart }: OfferProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const isLost = error.code !== 'database_corrupt'
  return (
    <>
      <h1 className="lines">{t(isLost ? 'damage.lostTitle' : 'damage.title', lines)}</h1>
      <p className="lines">{t(isLost ? 'damage.lostBody' : 'damage.body', lines)}</p>
      <ul>
        <li className="lines">{t('damage.steps.backup', lines)}</li>
        <li className="lines">{t('damage.steps.salvage', lines)}</li>
        <li className="lines">{t('damage.steps.read', lines)}</li>
      </ul>
      {failure && (
        <p className="lines" role="alert">
          {errorText(failure)}
        </p>
      )}
      <Button variant="primary" disabled={isRunning} onClick={onStart}>
        {t(isRunning ? 'damage.recovering' : 'damage.recover')}
      </Button>
    </>
  )
}

function Outcome({ recovered, onRecovered }: { recovered: Recovered; onRecovered: () => void }) {
  const { t } = useTranslation()
  const { aside, backup, marks, messages, imports } = recovered
  return (
    <>
      <h1 className="lines">{t('damage.doneTitle', lines)}</h1>
      {aside && <p className="lines">{t('damage.aside', { ...lines, path: aside })}</p>}
      <p className="lines">{backup ? t('damage.backup', { ...lines, path: backup }) : t('damage.noBackup', lines)}</p>
      <p className="lines">{t('damage.salvaged', { ...lines, marks, messages, imports })}</p>
      <Button variant="primary" onClick={onRecovered}>
        {t('damage.goOn')}
      </Button>
    </>
  )
}
