import { useTranslation } from 'react-i18next'
import { useNow } from '../../data/clock.ts'
import { overviewDays, overviewInput } from '../../data/first-requests.ts'
import { useRoute } from '../../data/hooks.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Attention } from './attention.tsx'
import { ByDay } from './by-day.tsx'
import { FlowBar } from './flow-bar.tsx'
import { LibrarySearch } from './library-search.tsx'
import { MyCredits } from './my-credits.tsx'
import { Newest } from './newest.tsx'
import styles from './overview-screen.module.css'
import { Summary } from './summary.tsx'
import { Welcome } from './welcome.tsx'

export function OverviewScreen() {
  const { t } = useTranslation()
  const { timeZone } = useFormat()
  const [agent] = useAgentFilter()
  const { data: overview, error, refetch } = useRoute('overview.get', overviewInput(agent, timeZone))
  useReady(overview !== undefined || error !== null)
  // Renders again every minute, because overdue times count up.
  useNow()
  return (
    <Screen title={t('nav.overview')} actions={<LibrarySearch />}>
      <Sheet>
        <Welcome />
        {overview ? (
          <>
            <div>
              <Summary overview={overview} days={overviewDays} />
              {overview.charged > 0 && <FlowBar overview={overview} days={overviewDays} />}
            </div>
            <div className={styles.columns}>
              <Attention overview={overview} />
              <MyCredits byAccount={overview.byAccount} />
              <Newest jobs={overview.newest} />
              <ByDay days={overview.days} />
            </div>
          </>
        ) : (
          error && <ErrorState error={error} onRetry={refetch} />
        )}
      </Sheet>
    </Screen>
  )
}
