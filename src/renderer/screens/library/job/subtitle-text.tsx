import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { RouteInput } from '../../../../shared/routes.ts'
import { useRoute } from '../../../data/hooks.ts'
import { useFormat } from '../../../i18n/use-format.tsx'
import styles from './subtitle-text.module.css'

interface SubtitleTextProps {
  result: RouteInput<'media.subtitles'>
  /** Changes when the file can be loaded again. */
  loadKey: number
  onError: () => void
}

/** The text of subtitles with the time of each cue. */
export function SubtitleText({ result, loadKey, onError }: SubtitleTextProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: cues, refetch } = useRoute('media.subtitles', result)
  const isMissing = cues === null || cues?.length === 0
  const fail = useEffectEvent(onError)
  const load = useEffectEvent(() => refetch())
  useEffect(() => {
    if (isMissing) fail()
  }, [isMissing])
  useEffect(() => {
    if (loadKey > 0) load()
  }, [loadKey])
  if (!cues || isMissing) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
    <section className={styles.text} aria-label={t('library.subtitles')} tabIndex={0}>
      <ol>
        {cues.map(({ startMs, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cues may repeat
          <li key={index}>
            <span className={`num ${styles.time}`}>{format.clip(startMs)}</span>
            <span className={styles.cue}>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
