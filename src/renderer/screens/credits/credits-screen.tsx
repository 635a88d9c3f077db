import { useTranslation } from 'react-i18next'
import { useCreditsFilter } from '../../navigation/credits-path.ts'
import { ExternalLink } from '../../parts/screen/links.tsx'
import { Screen, useReady } from '../../parts/screen/screen.tsx'
import { BalanceSection } from './balance-section.tsx'
import styles from './credits-screen.module.css'
import { DailyTotals } from './daily-totals.tsx'
import { Ledger } from './ledger.tsx'
import { LedgerCheck } from './ledger-check.tsx'
import { LedgerTools } from './ledger-tools.tsx'
import { useLedger } from './use-ledger.ts'

export function CreditsScreen() {
  const { t } = useTranslation()
  const filter = useCreditsFilter()
  const ledger = useLedger(filter)
  useReady(ledger.data !== undefined || ledger.isError)
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
        <BalanceSection />
        <DailyTotals />
      </div>
      <LedgerCheck />
      <LedgerTools filter={filter} />
      <Ledger filter={filter} ledger={ledger} />
    </Screen>
  )
}
