import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cacheLimits } from '../../../shared/values.ts'
import type { Settings } from '../../../shared/views.ts'
import { useCommand, useRoute } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useToast } from '../../ui/toast.tsx'
import { OriginalsRows } from './originals-rows.tsx'
import { Row, Section } from './section.tsx'

const gigabyte = 1_000_000_000
/** The cache grows while other windows show pictures, and no event reports that. */
const refetchInterval = 2_000

interface StorageSectionProps {
  settings: Settings
  update: (change: Partial<Settings>) => void
}

/** The disk space of result files: the cache and the kept originals. */
export function StorageSection({ settings, update }: StorageSectionProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const toast = useToast()
  const client = useQueryClient()
  const { data: usage } = useRoute('cache.usage', {}, { refetchInterval })
  const clear = useCommand('cache.clear')
  const clearCache = () =>
    clear.mutate(
      {},
      {
        onSuccess(left) {
          client.setQueryData(['cache.usage', {}], left)
          toast(t('settings.storage.cleared'))
        },
      },
    )
  return (
    <Section title={t('settings.storage.title')}>
      <Row
        label={t('settings.storage.used')}
        hint={usage && t('settings.storage.usedHint', { count: usage.files, bytes: usage.bytes, ...lines })}
      >
        <Button size="small" onClick={clearCache} disabled={clear.isPending || !usage?.files}>
          {t('settings.storage.clear')}
        </Button>
      </Row>
      <Row label={t('settings.storage.limit')} hint={t('settings.storage.limitHint', lines)}>
        <Segmented
          label={t('settings.storage.limit')}
          value={String(settings.cacheLimit)}
          onChange={(value) => update({ cacheLimit: cacheLimits.find((limit) => String(limit) === value) })}
          options={cacheLimits.map((limit) => ({ value: String(limit), label: format.bytes(limit * gigabyte) }))}
        />
      </Row>
      <OriginalsRows />
    </Section>
  )
}
