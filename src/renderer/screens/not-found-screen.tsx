import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useReady } from '../data/ready.ts'
import { InternalLink } from '../parts/links.tsx'
import { EmptyState } from '../parts/states.tsx'
import { Screen } from '../shell/screen.tsx'
import { Sheet } from '../shell/sheet.tsx'

export function NotFoundScreen() {
  const { t } = useTranslation()
  useReady(true)
  return (
    <Screen title={t('common.notFoundTitle')}>
      <Sheet>
        <EmptyState
          icon={Compass}
          title={t('common.notFoundTitle')}
          action={<InternalLink to="/overview">{t('common.toOverview')}</InternalLink>}
        />
      </Sheet>
    </Screen>
  )
}
