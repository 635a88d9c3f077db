import type { Bridge, MediaRef } from '../../shared/bridge.ts'
import type { Agent, TileSize } from '../../shared/values.ts'
import { base64Of } from './base64.ts'
import { request } from './request.ts'
import type { PictureSize } from './tile-size.ts'

export type TileRef = MediaRef & { size: TileSize }

export interface TileOrder extends PictureSize {
  id: number
  /** The address of the picture. */
  url: string
}

/** `picture` is null if the picture has to be shown as it is. */
export interface TileAnswer {
  id: number
  picture: Blob | null
}

export interface TileMaker {
  /** Whether a tile picture was made since the page was opened; undefined if it was not tried. */
  outcomeOf(tile: TileRef): boolean | undefined
  /** Makes and keeps a tile picture. Resolves with whether it can be loaded now; false if `signal` aborts. */
  make(tile: TileRef, pixels: PictureSize, signal: AbortSignal): Promise<boolean>
}

interface Waiting {
  order: TileOrder
  answer(picture: Blob | null): void
}

/** Two at a time: one is fetched or stored while the other is decoded. */
const parallel = 2
/** After this many milliseconds without work, the worker ends and its memory is free. */
const idleMs = 2_000
const maxOutcomes = 20_000

const nameOf = ({ agent, jobId, resultId, size }: TileRef) => `${agent}/${jobId}/${resultId}/${size}`

/** Makes tile pictures in a worker, the newest order first, because it is in view. */
export function createTileMaker(bridge: Bridge, startWorker: () => Worker): TileMaker {
  const outcomes = new Map<string, boolean>()
  const waiting: Waiting[] = []
  const running = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idle: ReturnType<typeof setTimeout> | undefined
  let lastId = 0

  function finish(id: number, picture: Blob | null): void {
    running.get(id)?.answer(picture)
    running.delete(id)
    startNext()
  }

  function open(): Worker {
    const opened = startWorker()
    opened.onmessage = ({ data }: MessageEvent<TileAnswer>) => finish(data.id, data.picture)
    opened.onerror = () => {
      worker = null
      for (const id of [...running.keys()]) finish(id, null)
    }
    return opened
  }

  function startNext(): void {
    clearTimeout(idle)
    const next = running.size < parallel ? waiting.pop() : undefined
    if (next) {
      running.set(next.order.id, next)
      worker ??= open()
      worker.postMessage(next.order)
      startNext()
    } else if (running.size === 0) {
      idle = setTimeout(() => {
        worker?.terminate()
        worker = null
      }, idleMs)
    }
  }

  function shrink(url: string, pixels: PictureSize, signal: AbortSignal): Promise<Blob | null> {
    return new Promise((resolve) => {
      const entry: Waiting = { order: { id: ++lastId, url, ...pixels }, answer: resolve }
      waiting.push(entry)
      signal.addEventListener('abort', () => {
        const index = waiting.indexOf(entry)
        if (index >= 0) waiting.splice(index, 1)
        resolve(null)
      })
      startNext()
    })
  }

  return {
    outcomeOf: (tile) => outcomes.get(nameOf(tile)),
    async make({ agent, jobId, resultId, size }, pixels, signal) {
      const tile = { agent: agent as Agent, jobId, resultId, size }
      const picture = await shrink(bridge.mediaUrl({ ...tile, size: 'thumbnail' }), pixels, signal)
      if (signal.aborted) return false
      const input = picture && { ...tile, data: await base64Of(picture) }
      const { kept } = input ? await request(bridge, 'media.keepTile', input).catch(notKept) : notKept()
      if (outcomes.size >= maxOutcomes) outcomes.clear()
      outcomes.set(nameOf(tile), kept)
      return kept
    },
  }
}

const notKept = () => ({ kept: false })
