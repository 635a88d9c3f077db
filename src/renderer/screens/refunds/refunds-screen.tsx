import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { accountField, caseKey } from '../../data/records.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { refundsPath, useCaseFilter, useSelectedCase } from '../../navigation/paths.ts'
import { DiaryLink } from '../../parts/credits/diary-link.tsx'
import { Screen, useReady } from '../../parts/screen/screen.tsx'
import { useMediaQuery } from '../../ui/use-media-query.ts'
import { CaseList } from './case-list.tsx'
import { CasePanel } from './case-panel.tsx'
import styles from './refunds-screen.module.css'
import { useCases } from './use-cases.ts'

/** Below this width the list and the open case do not fit beside each other. */
const onePane = '(max-width: 899px)'

/** The list of cases with the open case beside it; in a narrow window, either the list or the case. */
export function RefundsScreen() {
  const { t } = useTranslation()
  const labels = useLabels()
  const narrow = useMediaQuery(onePane)
  const filter = useCaseFilter()
  const selected = useSelectedCase()
  const named = selected ? caseKey(selected) : undefined
  const lastNamed = useRef(named)
  useEffect(() => {
    if (named !== undefined) lastNamed.current = named
  }, [named])

  const cases = useCases(filter)
  const shown = selected ?? (narrow ? undefined : cases.first)
  const opened = shown && caseKey(shown)
  const input = { ...(shown && accountField(shown)), case: shown?.case ?? '' }
  const detail = useRoute('refunds.get', input, { enabled: opened !== undefined })
  useReady(cases.loaded && (opened === undefined || !detail.isPending))

  const showsList = !narrow || named === undefined
  const parent = showsList ? undefined : { to: refundsPath(filter), title: t('nav.refunds') }
  const title = parent && detail.data ? labels.status(detail.data.refundStatus) : t('nav.refunds')
  return (
    <Screen title={title} parent={parent} actions={<DiaryLink />} layout="panes">
      <div className={styles.panes}>
        {showsList && (
          <CaseList
            filter={filter}
            cases={cases}
            selected={narrow ? undefined : opened}
            returnTo={narrow ? lastNamed.current : undefined}
          />
        )}
        {opened !== undefined && <CasePanel key={opened} detail={detail} alone={!showsList} />}
      </div>
    </Screen>
  )
}
