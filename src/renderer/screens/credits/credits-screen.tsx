import { useTranslation } from 'react-i18next'
import { useReady } from '../../data/ready.ts'
import { useCreditsFilter } from '../../navigation/credits-path.ts'
import { ExternalLink } from '../../parts/links.tsx'
import { Screen } from '../../parts/screen.tsx'
import styles from './credits-screen.module.css'
import { Ledger } from './ledger.tsx'
import { LedgerCheck } from './ledger-check.tsx'
import { LedgerTools } from './ledger-tools.tsx'
import { LeftOver } from './left-over.tsx'
import { Period } from './period.tsx'
import { useLedger } from './use-ledger.ts'

export function CreditsScreen() {
  const { t } = useTranslation()
  const filter = useCreditsFilter()
  const ledger = useLedger(filter)
  useReady(ledger.data !== undefined)
  return (
    <Screen
      title={t('nav.credits')}
      actions={
        <ExternalLink to="upgrade" button={{ variant: 'soft' }}>
          {t('credits.upgrade')}
        </ExternalLink>
      }
    >
      <div className={styles.top}>
        <LeftOver />
        <Period />
      </div>
      <LedgerCheck />
      <LedgerTools filter={filter} />
      <Ledger filter={filter} ledger={ledger} />
    </Screen>
  )
}
