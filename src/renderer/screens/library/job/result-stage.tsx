import { Captions, Shapes } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { isPlayable } from '../../../../shared/media-types.ts'
import type { JobDetail, ResultView } from '../../../../shared/views.ts'
import { useBridge } from '../../../data/hooks.ts'
import { jobRef } from '../../../data/records.ts'
import { type MediaFile, useMediaFile } from '../../../data/renewals.ts'
import { lines, middleDot } from '../../../i18n/format.ts'
import { useErrorText, useLabels } from '../../../i18n/use-texts.ts'
import { useDragOut } from '../../../parts/jobs/drag-out.tsx'
import { Thumbnail, useStopsLoading } from '../../../parts/jobs/thumbnail.tsx'
import { captionOf } from '../../../parts/jobs/use-job-words.ts'
import { Waveform } from '../../../parts/jobs/waveform.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AudioPlayer } from './audio-player.tsx'
import styles from './result-stage.module.css'
import { SubtitleText } from './subtitle-text.tsx'

interface ResultStageProps {
  job: JobDetail
  result: ResultView
}

/** A result as large as possible: a picture, or a player for video and sound. */
export function ResultStage({ job, result }: ResultStageProps) {
  const bridge = useBridge()
  const missingText = useMissingText(job)
  const labels = useLabels()
  const { t } = useTranslation()
  const { jobId } = job
  const media = { ...jobRef(job), resultId: result.id }
  const original = bridge.mediaUrl({ ...media, size: 'original' })
  const file = useMediaFile(job, original)
  const drag = useDragOut(media)
  const stopsLoading = useStopsLoading({ ...media, size: 'original' })
  const name = captionOf(job) || job.model
  const [kind] = result.mimeType.split('/')
  const isSubtitle =
    !/^(image|video|audio)\//.test(result.mimeType) &&
    (job.kind === 'subtitle' || /^text\/vtt$|subrip|\bsrt\b/.test(result.mimeType))
  const canBeShown = isSubtitle || isPlayable(result.mimeType)
  const failed = !canBeShown || file.isMissing
  const isExplained = !canBeShown || (file.reason !== undefined && file.reason !== 'failed')
  const shape = { '--shape': shapeOf(result) } as CSSProperties
  const unavailable = failed && (
    <p className={`lines ${styles.note}`}>
      {canBeShown ? missingText(file.reason) : t('library.unplayable', { type: result.mimeType, ...lines })}
    </p>
  )

  if (kind === 'video' && !failed) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: Carat's videos have no captions
      <video
        key={file.loadKey}
        ref={stopsLoading}
        className={styles.stage}
        style={shape}
        controls
        preload="metadata"
        poster={bridge.mediaUrl({ ...media, size: 'thumbnail' })}
        src={original}
        aria-label={name}
        onError={file.onError}
      />
    )
  }
  if (kind === 'video' || kind === 'image') {
    return (
      <>
        <span className={styles.stage} style={shape}>
          <Thumbnail
            media={media}
            size="whole"
            alt={kind === 'image' ? name : ''}
            caption={name}
            className={styles.picture}
          />
          {kind === 'image' && !failed && (
            <img
              key={file.loadKey}
              ref={stopsLoading}
              src={original}
              alt=""
              {...drag}
              className={styles.original}
              onError={file.onError}
            />
          )}
        </span>
        {(kind === 'video' || isExplained) && unavailable}
      </>
    )
  }
  if (kind === 'audio') {
    const id = `${jobId}/${result.id}`
    return (
      <div className={styles.sound}>
        {failed ? (
          <Waveform id={id} />
        ) : (
          <AudioPlayer
            key={file.loadKey}
            id={id}
            name={name}
            source={original}
            media={{ ...media, size: 'original' }}
            durationMs={result.durationMs}
            onError={file.onError}
          />
        )}
        {unavailable}
      </div>
    )
  }
  return (
    <>
      {isSubtitle && <SubtitleText result={media} {...file} />}
      {(!isSubtitle || failed) && (
        <div className={styles.file}>
          <Icon icon={isSubtitle ? Captions : Shapes} size={20} />
          {labels.kind(job.kind) + middleDot + result.mimeType}
        </div>
      )}
      {unavailable}
    </>
  )
}

/** Texts for the reason why a file is not shown. */
function useMissingText({ fileName }: JobDetail) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  return (reason: MediaFile['reason']): string => {
    if (reason === 'unplayable') return t('library.unplayableFile', lines)
    if (reason === 'asking' || reason === 'waiting' || reason === 'lapsed') {
      return t(`library.lapsed.file.${reason}`, lines)
    }
    if (fileName !== null) return t('library.fileAway')
    return errorText({ code: 'media_unavailable', params: {} })
  }
}

/** Width over height of the stage: that of the picture, within the limits of the panel. */
function shapeOf({ width, height }: ResultView): number {
  return width && height ? Math.min(2.4, Math.max(0.7, width / height)) : 1.6
}
