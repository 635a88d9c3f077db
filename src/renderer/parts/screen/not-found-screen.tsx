import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { InternalLink } from './links.tsx'
import { Screen, Sheet, useReady } from './screen.tsx'
import { EmptyState } from './states.tsx'

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
