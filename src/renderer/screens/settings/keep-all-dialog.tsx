import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { useOriginalsCommand } from '../../data/originals.ts'
import { lines } from '../../i18n/format.ts'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './storage.module.css'

/** Shows the total size of all originals before the download starts. */
export function KeepAllDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { data: estimate, error } = useRoute('originals.estimate', {}, { staleTime: 0, gcTime: 0 })
  const keep = useOriginalsCommand('originals.keep')
  const problem = error ?? keep.error
  const fits = estimate && estimate.bytes < estimate.free
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('settings.storage.keepAll')}
      description={t('settings.storage.keepAllHint', lines)}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            variant="primary"
            disabled={!estimate?.originals}
            onClick={() => keep.send({ all: 'listed' }, onClose)}
          >
            {t('settings.storage.keepAllStart')}
          </Button>
        </>
      }
    >
      {!estimate && !problem && <p>{t('settings.storage.counting', lines)}</p>}
      {estimate && estimate.originals === 0 && <p className="lines">{t('settings.storage.keepAllNone', lines)}</p>}
      {estimate && estimate.originals > 0 && (
        <div className={styles.estimate}>
          <p className={`num ${styles.amount}`}>
            {t(estimate.ofUnknownSize > 0 ? 'settings.storage.estimateAtLeast' : 'settings.storage.estimate', {
              count: estimate.originals,
              bytes: estimate.bytes,
            })}
          </p>
          {estimate.ofUnknownSize > 0 && (
            <p className="lines">{t('settings.storage.ofUnknownSize', { count: estimate.ofUnknownSize, ...lines })}</p>
          )}
          <p className={`lines ${fits ? '' : styles.problem}`}>
            {t(fits ? 'settings.storage.free' : 'settings.storage.tooLittle', { free: estimate.free, ...lines })}
          </p>
        </div>
      )}
      <Problem error={problem} />
    </Dialog>
  )
}
