import { Clock, CloudAlert, HardDrive, HardDriveDownload, type LucideIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobDetail, OriginalsState } from '../../../../shared/views.ts'
import { useRoute } from '../../../data/hooks.ts'
import { useOriginals, useOriginalsCommand } from '../../../data/originals.ts'
import { lines } from '../../../i18n/format.ts'
import { useErrorText } from '../../../i18n/use-texts.ts'
import type { Tone } from '../../../parts/credits/status.ts'
import { Problem } from '../../../parts/screen/problem.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Meter } from '../../../ui/meter.tsx'
import styles from './keep-originals.module.css'
import { keepState } from './keep-state.ts'

/** Shows whether the originals of a job are on this computer, and keeps or removes them. */
export function KeepOriginals({ job }: { job: JobDetail }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const queue = useOriginals()
  const { agent, jobId } = job
  const { data: originals } = useRoute('originals.job', { agent, jobId })
  const keep = useOriginalsCommand('originals.keep')
  const drop = useOriginalsCommand('originals.drop')
  if (!queue || !originals) return null
  const current = keepState(job, originals, queue.running)
  const error = keep.error ?? drop.error
  const keepButton = (
    <Button size="small" variant="soft" icon={HardDriveDownload} onClick={() => keep.send({ agent, jobId })}>
      {t(job.allResults.length === 1 ? 'library.keep.keep' : 'library.keep.keepAll')}
    </Button>
  )
  const cancelButton = (
    <Button size="small" variant="plain" onClick={() => drop.send({ agent, jobId })}>
      {t('common.cancel')}
    </Button>
  )
  return (
    <section className={styles.keep} aria-label={t('library.keep.label')}>
      {current.state === 'none' && (
        <Line icon={HardDrive} text={t(job.removedAt === null ? 'library.keep.none' : 'library.keep.noneGone', lines)}>
          {keepButton}
        </Line>
      )}
      {current.state === 'waiting' && <WaitingLine queue={queue}>{cancelButton}</WaitingLine>}
      {current.state === 'keeping' && (
        <>
          <Line icon={HardDriveDownload} tone="accent" text={t('library.keep.keeping', { share: current.share })}>
            {cancelButton}
          </Line>
          <Meter label={t('library.keep.label')} share={current.share} />
        </>
      )}
      {current.state === 'kept' && (
        <Line icon={HardDrive} tone="green" text={t('library.keep.kept', { bytes: current.bytes })}>
          <DropButton isGone={job.removedAt !== null} onDrop={() => drop.send({ agent, jobId })} />
        </Line>
      )}
      {current.state === 'failed' && (
        <Line
          icon={CloudAlert}
          tone="amber"
          text={[
            ...(current.kept > 0 ? [t('library.keep.part', { count: job.allResults.length, kept: current.kept })] : []),
            errorText(current.error),
          ].join('\n')}
        >
          <Button size="small" onClick={() => keep.send({ agent, jobId })}>
            {t('common.retry')}
          </Button>
        </Line>
      )}
      <Problem error={error} />
    </section>
  )
}

/** Says why the originals wait: others come first, the user paused, or the queue cannot go on. */
function WaitingLine({ queue: { status, error }, children }: { queue: OriginalsState; children: ReactNode }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const pause = useOriginalsCommand('originals.pause')
  const goOn = (
    <Button size="small" onClick={() => pause.send({ paused: false })}>
      {t(status === 'paused' ? 'library.keep.resume' : 'common.retry')}
    </Button>
  )
  if (status === 'paused') {
    return (
      <Line icon={Clock} text={t('library.keep.paused', lines)}>
        {goOn}
        {children}
      </Line>
    )
  }
  if (status === 'held' && error) {
    return (
      <Line icon={CloudAlert} tone="amber" text={errorText(error)}>
        {goOn}
        {children}
      </Line>
    )
  }
  return (
    <Line icon={Clock} text={t('library.keep.waiting', lines)}>
      {children}
    </Line>
  )
}

interface LineProps {
  icon: LucideIcon
  tone?: Tone
  text: string
  children: ReactNode
}

function Line({ icon, tone = 'grey', text, children }: LineProps) {
  return (
    <div className={styles.line} role="status">
      <span className="tone" data-tone={tone}>
        <Icon icon={icon} />
      </span>
      <p className={`lines ${styles.text}`}>{text}</p>
      <div className={styles.actions}>{children}</div>
    </div>
  )
}

/** Asks before removing: the kept original may be the only copy. */
function DropButton({ isGone, onDrop }: { isGone: boolean; onDrop: () => void }) {
  const { t } = useTranslation()
  const [asks, setAsks] = useState(false)
  const drop = () => {
    setAsks(false)
    onDrop()
  }
  return (
    <>
      <Button size="small" variant="plain" onClick={() => setAsks(true)}>
        {t('library.keep.drop')}
      </Button>
      <Dialog
        open={asks}
        onOpenChange={setAsks}
        title={t('library.keep.dropTitle')}
        description={t(isGone ? 'library.keep.dropGone' : 'library.keep.dropListed', lines)}
        actions={
          <>
            <Button onClick={() => setAsks(false)}>{t('common.cancel')}</Button>
            <Button variant="primary" onClick={drop}>
              {t('library.keep.dropConfirm')}
            </Button>
          </>
        }
      />
    </>
  )
}
