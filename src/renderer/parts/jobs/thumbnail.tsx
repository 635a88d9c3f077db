import { Image, type LucideIcon } from 'lucide-react'
import { use, useCallback, useEffect, useRef, useState } from 'react'
import type { MediaRef } from '../../../shared/bridge.ts'
import type { Agent } from '../../../shared/values.ts'
import { useBridge } from '../../data/hooks.ts'
import { useMediaFile } from '../../data/renewals.ts'
import { useTilePicture } from '../../data/use-tile-picture.ts'
import { Icon } from '../../ui/icon.tsx'
import { PassesFast } from '../../ui/scroller.ts'
import { useDragOut } from './drag-out.tsx'
import styles from './thumbnail.module.css'

const noJob = { agent: '', jobId: '' }

interface ThumbnailProps {
  media: Omit<MediaRef, 'size'> | null
  /** `whole` for a picture that is drawn larger than a tile. */
  size?: 'tile' | 'whole'
  /** Describes the picture, usually with the prompt; empty if the prompt is shown beside it. */
  alt: string
  /** Replaces a picture that cannot be loaded. */
  icon?: LucideIcon
  /** Shown under the icon if the picture cannot be loaded; omit it in small tiles. */
  caption?: string
  className?: string
}

/** A picture that fills the box of its class, or an empty tile if there is no picture. */
export function Thumbnail({ media, size = 'tile', alt, icon = Image, caption, className = '' }: ThumbnailProps) {
  const bridge = useBridge()
  const tile = useTilePicture(size === 'tile' ? media : null)
  const shown: MediaRef | null = tile?.media ?? (media && { ...media, size: 'thumbnail' })
  const source = tile?.source ?? (shown && bridge.mediaUrl(shown))
  const file = useMediaFile(media ?? noJob, source)
  const drag = useDragOut(media)
  const stopsLoading = useStopsLoading(shown)
  const waits = use(PassesFast)
  const [wasSeen, setSeen] = useState(!waits)
  if (!waits && !wasSeen) setSeen(true)
  if (source && !wasSeen) return <span className={`${styles.frame} ${className}`} />
  return (
    <span className={`${styles.frame} ${className}`}>
      {source && !file.isMissing ? (
        <img
          key={`${file.loadKey} ${source}`}
          ref={stopsLoading}
          className={tile ? `${styles.image} ${styles.held}` : styles.image}
          src={source}
          alt={alt}
          loading="lazy"
          decoding="async"
          {...drag}
          onLoad={tile?.onLoad}
          onError={file.onError}
        />
      ) : (
        <span className={styles.missing} {...drag}>
          <Icon icon={icon} size={16} />
          {alt && !caption && <span className="sr-only">{alt}</span>}
          {caption && <span className={styles.caption}>{caption}</span>}
        </span>
      )}
    </span>
  )
}

/**
 * A ref callback that cancels the loading of a picture, video or sound when its element is removed. Browsers may
 * continue such downloads and thereby delay the visible ones; Electron continues all that are not answered yet.
 */
export function useStopsLoading(
  media: MediaRef | null,
): (element: HTMLImageElement | HTMLMediaElement | null) => () => void {
  const bridge = useBridge()
  const shown = useRef(media)
  useEffect(() => {
    shown.current = media
  })
  return useCallback(
    (element) => () => {
      const isWaiting = element instanceof HTMLMediaElement ? element.readyState === 0 : element?.complete === false
      element?.removeAttribute('src')
      if (element instanceof HTMLMediaElement) element.load()
      if (bridge.host === 'electron' && isWaiting && shown.current) {
        const { agent, ...file } = shown.current
        void bridge.request('media.cancel', { ...file, agent: agent as Agent })
      }
    },
    [bridge],
  )
}
