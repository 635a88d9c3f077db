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

/** A result as large as possible: a picture, a player for video and sound, or the text of subtitles. */
export function ResultStage({ job, result }: ResultStageProps) {
  const bridge = useBridge()
  const missingText = useMissingText(job)
  const labels = useLabels()
  const { t } = useTranslation()
  const media = { ...jobRef(job), resultId: result.id }
  const original = bridge.mediaUrl({ ...media, size: 'original' })
  const file = useMediaFile(job, original)
  const { mimeType } = result
  const [kind] = mimeType.split('/')
  const isSubtitle = isSubtitleFile(job, mimeType)
  const canBeShown = isSubtitle || isPlayable(mimeType)
  const failed = !canBeShown || file.isMissing
  const isExplained = !canBeShown || (file.reason !== undefined && file.reason !== 'failed')
  const stage = { media, original, file, name: captionOf(job) || job.model, result }
  const note = failed && (
    <p className={`lines ${styles.note}`}>
      {canBeShown ? missingText(file.reason) : t('library.unplayable', { type: mimeType, ...lines })}
    </p>
  )

  if (kind === 'video' && !failed) return <VideoStage {...stage} />
  if (kind === 'video' || kind === 'image') {
    return (
      <>
        <PictureStage {...stage} isOriginal={kind === 'image' && !failed} alt={kind === 'image' ? stage.name : ''} />
        {(kind === 'video' || isExplained) && note}
      </>
    )
  }
  if (kind === 'audio') {
    return (
      <div className={styles.sound}>
        {failed ? <Waveform id={waveOf(media)} /> : <SoundStage {...stage} />}
        {note}
      </div>
    )
  }
  return (
    <>
      {isSubtitle && <SubtitleText result={media} {...file} />}
      {(!isSubtitle || failed) && (
        <div className={styles.file}>
          <Icon icon={isSubtitle ? Captions : Shapes} size={20} />
          {labels.kind(job.kind) + middleDot + mimeType}
        </div>
      )}
      {note}
    </>
  )
}

const isSubtitleFile = ({ kind }: JobDetail, mimeType: string): boolean =>
  !/^(image|video|audio)\//.test(mimeType) && (kind === 'subtitle' || /^text\/vtt$|subrip|\bsrt\b/.test(mimeType))

/** The id from which the waveform of a sound is drawn. */
const waveOf = ({ jobId, resultId }: StageProps['media']): string => `${jobId}/${resultId}`

interface StageProps {
  media: ReturnType<typeof jobRef> & { resultId: string }
  /** The address of the original. */
  original: string
  file: MediaFile
  name: string
  result: ResultView
}

function VideoStage({ media, original, file, name, result }: StageProps) {
  const bridge = useBridge()
  const stopsLoading = useStopsLoading({ ...media, size: 'original' })
  return (
    // biome-ignore lint/a11y/useMediaCaption: Carat's videos have no captions
    <video
      key={file.loadKey}
      ref={stopsLoading}
      className={styles.stage}
      style={shapeOf(result)}
      controls
      preload="metadata"
      poster={bridge.mediaUrl({ ...media, size: 'thumbnail' })}
      src={original}
      aria-label={name}
      onError={file.onError}
    />
  )
}

interface PictureStageProps extends StageProps {
  alt: string
  /** Whether the original is drawn over the thumbnail. */
  isOriginal: boolean
}

function PictureStage({ media, original, file, name, result, alt, isOriginal }: PictureStageProps) {
  const drag = useDragOut(media)
  const stopsLoading = useStopsLoading({ ...media, size: 'original' })
  return (
    <span className={styles.stage} style={shapeOf(result)}>
      <Thumbnail media={media} size="whole" alt={alt} caption={name} className={styles.picture} />
      {isOriginal && (
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
  )
}

function SoundStage({ media, original, file, name, result }: StageProps) {
  return (
    <AudioPlayer
      key={file.loadKey}
      id={waveOf(media)}
      name={name}
      source={original}
      media={{ ...media, size: 'original' }}
      durationMs={result.durationMs}
      onError={file.onError}
    />
  )
}

/** Texts for the reason why a file is not shown. */
function useMissingText({ fileName, isImported }: JobDetail) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  return (reason: MediaFile['reason']): string => {
    if (reason === 'unplayable') return t('library.unplayableFile', lines)
    if (reason === 'asking' || reason === 'waiting' || reason === 'lapsed') {
      return t(`library.lapsed.file.${reason}`, lines)
    }
    if (fileName !== null) return t('library.fileAway')
    if (isImported) return t('library.fileNotInExport')
    return errorText({ code: 'media_unavailable', params: {} })
  }
}

/** Width over height of the stage, within what the panel has room for. */
const ratios = { tallest: 0.7, widest: 2.4, unknown: 1.6 }

/** The style that gives the stage the shape of its picture. */
function shapeOf({ width, height }: ResultView): CSSProperties {
  const ratio = width && height ? Math.min(ratios.widest, Math.max(ratios.tallest, width / height)) : ratios.unknown
  return { '--shape': ratio } as CSSProperties
}
