import { type SyntheticEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Bridge, MediaRef } from '../../shared/bridge.ts'
import { useBridge } from './hooks.ts'
import { createTileMaker, type TileMaker, type TileRef } from './tile-maker.ts'
import { shrunk, tileSizeOf } from './tile-size.ts'

const makers = new WeakMap<Bridge, TileMaker>()
const startWorker = () => new Worker(new URL('./tile-worker.ts', import.meta.url), { type: 'module' })

/** The maker of the page. */
function useTileMaker(): TileMaker {
  const bridge = useBridge()
  const maker = makers.get(bridge) ?? createTileMaker(bridge, startWorker)
  makers.set(bridge, maker)
  return maker
}

interface TilePicture {
  /** What is loaded: the tile picture, or the thumbnail if none can be made. */
  media: MediaRef
  source: string
  /** Shows the loaded picture by `data-shown`, or makes its tile picture first. */
  onLoad(event: SyntheticEvent<HTMLImageElement>): void
}

/** The tile picture of a result; null without a result. The page makes it from the thumbnail when it is first shown. */
export function useTilePicture(result: Omit<MediaRef, 'size'> | null): TilePicture | null {
  const bridge = useBridge()
  const maker = useTileMaker()
  const { agent = '', jobId = '', resultId = '' } = result ?? {}
  const [made, setMade] = useState(0)
  const making = useRef<AbortController | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `made` stands for the outcomes of the maker, which are no state
  const { tile, media, source } = useMemo(() => {
    const tile: TileRef = { agent, jobId, resultId, size: tileSizeOf(devicePixelRatio) }
    const outcome = maker.outcomeOf(tile)
    const media: MediaRef = outcome === false ? { ...tile, size: 'thumbnail' } : tile
    const address = bridge.mediaUrl(media)
    // A new address: under the old one the browser may have cached the thumbnail.
    return { tile, media, source: outcome ? withFlag(address) : address }
  }, [bridge, maker, agent, jobId, resultId, made])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture ends the work on the one before
  useEffect(() => () => making.current?.abort(), [source])

  if (!result) return null
  return {
    media,
    source,
    async onLoad({ currentTarget: image }) {
      const { naturalWidth: width, naturalHeight: height } = image
      const pixels = maker.outcomeOf(tile) === undefined ? shrunk({ width, height }, tile.size) : null
      if (pixels) {
        making.current?.abort()
        making.current = new AbortController()
        const { signal } = making.current
        const kept = await maker.make(tile, pixels, signal)
        if (signal.aborted) return
        if (kept) return setMade((count) => count + 1)
      }
      image.dataset.shown = ''
    },
  }
}

const withFlag = (address: string) => `${address}${address.includes('?') ? '&' : '?'}made`
