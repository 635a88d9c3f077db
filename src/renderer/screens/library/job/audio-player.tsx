import { Pause, Play } from 'lucide-react'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MediaRef } from '../../../../shared/bridge.ts'
import { useFormat } from '../../../i18n/use-format.tsx'
import { useStopsLoading } from '../../../parts/jobs/thumbnail.tsx'
import { Waveform } from '../../../parts/jobs/waveform.tsx'
import { IconButton } from '../../../ui/button.tsx'
import styles from './audio-player.module.css'

interface AudioPlayerProps {
  /** The id from which the waveform is drawn. */
  id: string
  name: string
  source: string
  /** The duration that the service states, shown until the recording is loaded. */
  durationMs: number | null
  media: MediaRef
  onError: () => void
}

export function AudioPlayer({ id, name, source, durationMs, media, onError }: AudioPlayerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const audio = useRef<HTMLAudioElement>(null)
  const [plays, setPlays] = useState(false)
  const [seconds, setSeconds] = useState(0)
  const [length, setLength] = useState((durationMs ?? 0) / 1_000)
  const share = length > 0 ? Math.min(1, seconds / length) : 0

  const stopsLoading = useStopsLoading(media)
  useEffect(() => stopsLoading(audio.current), [stopsLoading])

  const toggle = () => (plays ? audio.current?.pause() : audio.current?.play())
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = to
    setSeconds(to)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would have to show its legend
    <div className={styles.player} role="group" aria-label={name}>
      {/* biome-ignore lint/a11y/useMediaCaption: Carat's recordings have no captions */}
      <audio
        ref={audio}
        src={source}
        preload="metadata"
        onPlay={() => setPlays(true)}
        onPause={() => setPlays(false)}
        onTimeUpdate={({ currentTarget }) => setSeconds(currentTarget.currentTime)}
        onDurationChange={({ currentTarget }) => setLength(currentTarget.duration)}
        onError={onError}
      />
      <IconButton icon={plays ? Pause : Play} label={t(plays ? 'library.pause' : 'library.play')} onClick={toggle} />
      <span className={styles.track} style={{ '--share': share } as CSSProperties}>
        <Waveform id={id} />
        <span className={styles.played}>
          <Waveform id={id} />
        </span>
        <input
          type="range"
          className={styles.seek}
          aria-label={t('library.position')}
          aria-valuetext={format.clip(seconds * 1_000)}
          min={0}
          max={length}
          step={0.1}
          value={seconds}
          onChange={(event) => seek(event.target.valueAsNumber)}
        />
      </span>
      <span className={`num ${styles.time}`}>
        {format.clip(seconds * 1_000)} / {format.clip(length * 1_000)}
      </span>
    </div>
  )
}
