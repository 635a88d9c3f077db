import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { features, transactionKinds } from '../../../shared/values.ts'
import { useRoute } from '../../data/hooks.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { useAgentFilter } from '../../navigation/agent-filter.tsx'
import { type CreditsFilter, creditsPath } from '../../navigation/credits-path.ts'
import { useSearchText } from '../../parts/jobs/use-search-text.ts'
import { FilterMenu } from '../../parts/screen/filter-menu.tsx'
import { Chip, ChipDivider, ChipRow } from '../../ui/chip.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import styles from './ledger-tools.module.css'

/** The filters of the ledger: kinds with their counts, features, and a search. */
export function LedgerTools({ filter: { row: _, ...filter } }: { filter: CreditsFilter }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const [, navigate] = useLocation()
  const [agent] = useAgentFilter()
  const { data: counts } = useRoute('credits.counts', { ...filter, agent })
  const { kinds = [], features: chosen = [] } = filter
  const change = (changed: CreditsFilter) => navigate(creditsPath({ ...filter, ...changed }), { replace: true })
  const [text, setText] = useSearchText(filter.text ?? '', (words) => change({ text: words }))
  const all = counts && Object.values(counts.kinds).reduce((sum, count) => sum + count, 0)
  return (
    <div className={styles.tools}>
      <ChipRow label={t('credits.filter')}>
        <Chip pressed={kinds.length === 0} onPressedChange={() => change({ kinds: [] })} count={all}>
          {t('credits.all')}
        </Chip>
        {transactionKinds.map((kind) => (
          <Chip
            key={kind}
            pressed={kinds.includes(kind)}
            onPressedChange={(pressed) =>
              change({ kinds: pressed ? [...kinds, kind] : kinds.filter((other) => other !== kind) })
            }
            count={counts && (counts.kinds[kind] ?? 0)}
          >
            {labels.transaction(kind)}
          </Chip>
        ))}
        <ChipDivider />
        <FilterMenu
          label={t('credits.feature')}
          value={chosen}
          onChange={(value) => change({ features: value })}
          options={features.map((feature) => ({
            value: feature,
            label: labels.feature(feature),
            count: counts && (counts.features[feature] ?? 0),
          }))}
        />
      </ChipRow>
      <SearchField label={t('credits.search')} className={styles.search} value={text} onChange={setText} />
    </div>
  )
}
