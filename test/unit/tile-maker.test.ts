import { expect, it, vi } from 'vitest'
import { createTileMaker, type TileAnswer, type TileOrder } from '../../src/renderer/data/tile-maker.ts'
import type { Bridge } from '../../src/shared/bridge.ts'

const never = new AbortController().signal
const pixels = { width: 240, height: 160 }
const tile = (resultId: string) => ({ agent: 'agent-1', jobId: 'job', resultId, size: 'tile180' as const })

/** A maker with workers that answer when the test says so. */
function madeWith(kept: boolean) {
  vi.stubGlobal(
    'FileReader',
    class {
      result = 'data:image/webp;base64,UklGRg=='
      onload = () => {}
      readAsDataURL = () => queueMicrotask(() => this.onload())
    },
  )
  const orders: TileOrder[] = []
  const stored: unknown[] = []
  const workers: { onmessage?: (event: { data: TileAnswer }) => void; onerror?: () => void; terminate(): void }[] = []
  const bridge = {
    mediaUrl: ({ resultId, size }) => `/media/${resultId}/${size}`,
    request: async (route: string, input: unknown) => {
      stored.push([route, input])
      return { ok: true, data: { kept } }
    },
  } as Pick<Bridge, 'mediaUrl' | 'request'> as Bridge
  const maker = createTileMaker(bridge, () => {
    const worker = { postMessage: (order: TileOrder) => orders.push(order), terminate: vi.fn() }
    workers.push(worker)
    return worker as never
  })
  const answer = (at: number, picture: Blob | null) =>
    workers.at(-1)?.onmessage?.({ data: { id: orders[at]?.id as number, picture } })
  return { maker, orders, stored, workers, answer, urls: () => orders.map(({ url }) => url) }
}

it('makes a tile picture of the thumbnail and has it kept', async () => {
  const { maker, orders, stored, answer } = madeWith(true)
  const made = maker.make(tile('one'), pixels, never)
  expect(orders).toEqual([{ id: expect.any(Number), url: '/media/one/thumbnail', ...pixels }])
  answer(0, new Blob(['x']))
  expect(await made).toBe(true)
  expect(stored).toEqual([['media.keepTile', { ...tile('one'), data: 'UklGRg==' }]])
  expect(maker.outcomeOf(tile('one'))).toBe(true)
  expect(maker.outcomeOf(tile('two'))).toBeUndefined()
})

it('knows which pictures have to be shown as they are: moving ones, and all if nothing can be kept', async () => {
  const moving = madeWith(true)
  const made = moving.maker.make(tile('gif'), pixels, never)
  moving.answer(0, null)
  expect(await made).toBe(false)
  expect(moving.stored).toEqual([])
  expect(moving.maker.outcomeOf(tile('gif'))).toBe(false)

  const full = madeWith(false)
  const refused = full.maker.make(tile('one'), pixels, never)
  full.answer(0, new Blob(['x']))
  expect(await refused).toBe(false)
})

it('makes two at a time, the newest first, and none that has left the page', async () => {
  const { maker, answer, urls } = madeWith(true)
  const left = new AbortController()
  const made = ['a', 'b', 'c', 'd', 'e'].map((id) => maker.make(tile(id), pixels, id === 'd' ? left.signal : never))
  expect(urls()).toEqual(['/media/a/thumbnail', '/media/b/thumbnail'])
  left.abort()
  expect(await made[3]).toBe(false)
  expect(maker.outcomeOf(tile('d'))).toBeUndefined()
  for (let at = 0; at < 4; at++) answer(at, new Blob(['x']))
  await Promise.all(made)
  expect(urls().slice(2)).toEqual(['/media/e/thumbnail', '/media/c/thumbnail'])
})

it('ends its thread after a pause, and starts another for the next picture or after a failure', async () => {
  vi.useFakeTimers()
  const { maker, workers, answer } = madeWith(true)
  const first = maker.make(tile('a'), pixels, never)
  answer(0, new Blob(['x']))
  await first
  vi.advanceTimersByTime(60_000)
  expect(workers[0]?.terminate).toHaveBeenCalledOnce()
  const second = maker.make(tile('b'), pixels, never)
  workers[1]?.onerror?.()
  expect(await second).toBe(false)
  const third = maker.make(tile('c'), pixels, never)
  expect(workers).toHaveLength(3)
  answer(2, new Blob(['x']))
  expect(await third).toBe(true)
  vi.useRealTimers()
})
