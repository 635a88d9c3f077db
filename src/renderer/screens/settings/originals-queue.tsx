import { CirclePause, CloudAlert, HardDriveDownload, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OriginalsState } from '../../../shared/views.ts'
import { useOriginalsCommand } from '../../data/originals.ts'
import { lines } from '../../i18n/format.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import type { Tone } from '../../parts/credits/status.ts'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Meter } from '../../ui/meter.tsx'
import styles from './storage.module.css'

/** The originals queue: its progress or why it stopped, and the failed originals. */
export function OriginalsQueue({ queue }: { queue: OriginalsState }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keep = useOriginalsCommand('originals.keep')
  const drop = useOriginalsCommand('originals.drop')
  const pause = useOriginalsCommand('originals.pause')
  const { status, waiting, kept, failed } = queue
  const all = kept.originals + waiting.originals
  const left =
    waiting.bytes === null
      ? t('settings.storage.left', { count: waiting.originals })
      : t('settings.storage.leftOfSize', { count: waiting.originals, bytes: waiting.bytes })
  const cancelButton = (
    <Button size="small" variant="plain" onClick={() => drop.send({ all: 'waiting' })}>
      {t('settings.storage.cancelRest')}
    </Button>
  )
  const goOn = (word: string) => (
    <Button size="small" onClick={() => pause.send({ paused: false })}>
      {word}
    </Button>
  )
  const error = keep.error ?? drop.error ?? pause.error
  return (
    <>
      {waiting.originals > 0 && status === 'working' && (
        <Line icon={HardDriveDownload} tone="accent" title={t('settings.storage.working')} text={left}>
          <Button size="small" onClick={() => pause.send({ paused: true })}>
            {t('settings.storage.pause')}
          </Button>
          {cancelButton}
        </Line>
      )}
      {status === 'paused' && (
        <Line icon={CirclePause} tone="grey" title={t('settings.storage.paused')} text={left}>
          {goOn(t('settings.storage.resume'))}
          {waiting.originals > 0 && cancelButton}
        </Line>
      )}
      {status === 'held' && queue.error && (
        <Line
          icon={CloudAlert}
          tone="amber"
          title={t('settings.storage.held', { at: queue.retryAt })}
          text={errorText(queue.error)}
        >
          {goOn(t('common.retry'))}
          {cancelButton}
        </Line>
      )}
      {waiting.originals > 0 && (
        <Meter
          label={t('settings.storage.progress', { count: all, kept: kept.originals })}
          share={kept.originals / all}
        />
      )}
      {failed > 0 && (
        <Line
          icon={TriangleAlert}
          tone="amber"
          title={t('settings.storage.failed', { count: failed })}
          text={t('settings.storage.failedHint', lines)}
        >
          <Button size="small" onClick={() => keep.send({ all: 'failed' })}>
            {t('common.retry')}
          </Button>
          <Button size="small" variant="plain" onClick={() => drop.send({ all: 'failed' })}>
            {t('settings.storage.forgetFailed')}
          </Button>
        </Line>
      )}
      <Problem error={error} />
    </>
  )
}

interface LineProps {
  icon: LucideIcon
  tone: Tone
  title: string
  text: string
  children: ReactNode
}

function Line({ icon, tone, title, text, children }: LineProps) {
  return (
    <div className={styles.line} role="status">
      <span className="tone" data-tone={tone}>
        <Icon icon={icon} size={18} />
      </span>
      <p className={`lines ${styles.text}`}>
        <strong>{title}</strong>
        {text}
      </p>
      <div className={styles.actions}>{children}</div>
    </div>
  )
}
