import { useTranslation } from 'react-i18next'
import { useReady } from '../../data/ready.ts'
import { LibrarySearch } from '../../shell/library-search.tsx'
import { Screen } from '../../shell/screen.tsx'

export function OverviewScreen() {
  const { t } = useTranslation()
  useReady(true)
  return <Screen title={t('nav.overview')} actions={<LibrarySearch />} />
}
