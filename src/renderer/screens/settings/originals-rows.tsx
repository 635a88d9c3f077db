import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from '../../data/hooks.ts'
import { useOriginals, useOriginalsCommand } from '../../data/originals.ts'
import { lines } from '../../i18n/format.ts'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { KeepAllDialog } from './keep-all-dialog.tsx'
import { OriginalsQueue } from './originals-queue.tsx'
import { OnOff, Row } from './section.tsx'
import styles from './storage.module.css'

/** Settings of kept originals for the current account. */
export function OriginalsRows() {
  const { t } = useTranslation()
  const queue = useOriginals()
  const { data: account } = useRoute('account.get', {})
  const keepNew = useOriginalsCommand('originals.keepNew')
  const [asks, setAsks] = useState(false)
  if (!queue) return null
  if (!account) return <p className={`lines ${styles.note}`}>{t('settings.storage.noAccount', lines)}</p>
  const { keepsNew, kept } = queue
  return (
    <>
      <OnOff
        label={t('settings.storage.keepNew')}
        hint={t('settings.storage.keepNewHint', lines)}
        value={keepsNew}
        onChange={(keep) => keepNew.send({ keep })}
      />
      <Problem error={keepNew.error} />
      <Row
        label={t('settings.storage.kept')}
        hint={
          kept.originals > 0
            ? t('settings.storage.keptHint', { count: kept.originals, bytes: kept.bytes, ...lines })
            : t('settings.storage.keptNone', lines)
        }
      >
        <Button size="small" onClick={() => setAsks(true)}>
          {t('settings.storage.keepAll')}
        </Button>
      </Row>
      <OriginalsQueue queue={queue} />
      {asks && <KeepAllDialog onClose={() => setAsks(false)} />}
    </>
  )
}
