import { QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { createQueryClient } from '../../src/renderer/data/query-client.ts'
import { countsQuery } from '../../src/renderer/screens/library/list/use-job-counts.ts'
import type { Bridge } from '../../src/shared/bridge.ts'
import type { JobCounts } from '../../src/shared/views.ts'

/** A bridge with `hits` images for every search; `answerNext` answers the oldest request that still waits. */
function createBridge(hits: number) {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const request = (_: string, input: { text?: string; before?: string; hits?: number }) => {
    asked.push(`${input.text} ${input.before ?? ''}`.trim())
    const start = Number(input.before ?? 0)
    const end = Math.min(hits, start + (input.hits ?? hits))
    const counts: JobCounts = {
      total: end - start,
      isComplete: end === hits,
      next: end === hits ? null : String(end),
      kinds: { image: end - start },
      outcomes: {},
      refundStatuses: {},
      agents: {},
      models: {},
    }
    return new Promise((resolve) => waiting.push(() => resolve({ ok: true, data: counts })))
  }
  async function answerNext() {
    waiting.shift()?.()
    await new Promise(setImmediate)
  }
  return { bridge: { request } as unknown as Bridge, asked, waiting, answerNext }
}

it('adds up the slices of a search to at most a thousand hits', async () => {
  const { bridge, asked, waiting, answerNext } = createBridge(1_300)
  const counts = createQueryClient().fetchQuery(countsQuery(bridge, { text: '고양' }))
  while (waiting.length > 0) await answerNext()
  expect(await counts).toMatchObject({ total: 1_000, isComplete: false, kinds: { image: 1_000 } })
  expect(asked).toEqual(['고양', '고양 200', '고양 400', '고양 600', '고양 800'])
})

it('asks for no further slice once the next key changed the search', async () => {
  const { bridge, asked, waiting, answerNext } = createBridge(900)
  const client = createQueryClient()
  const observer = new QueryObserver(client, countsQuery(bridge, { text: '고' }))
  const unsubscribe = observer.subscribe(() => {})
  await answerNext()
  expect(asked).toEqual(['고', '고 200'])
  observer.setOptions(countsQuery(bridge, { text: '고양' }))
  while (waiting.length > 0) await answerNext()
  expect(asked.filter((one) => one.split(' ')[0] === '고')).toHaveLength(2)
  expect(client.getQueryData(['jobs.counts', { text: '고' }])).toBeUndefined()
  expect(observer.getCurrentResult().data).toMatchObject({ total: 900, isComplete: true })
  unsubscribe()
})
