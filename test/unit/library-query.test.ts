import { keepPreviousData, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { createQueryClient } from '../../src/renderer/data/query-client.ts'
import type { Feed } from '../../src/renderer/screens/library/list/job-feed.ts'
import { type ListSession, listQuery } from '../../src/renderer/screens/library/list/library-query.ts'
import type { WholeList } from '../../src/renderer/screens/library/list/whole-list.ts'
import type { Bridge } from '../../src/shared/bridge.ts'
import type { FoundJob, JobDays, JobPage } from '../../src/shared/views.ts'

const day = Date.UTC(2026, 0, 27, 15)
const job = { agent: 'agent-1', jobId: 'job-1', createdAt: day + 1_000 } as FoundJob
const keys = { before: '2', through: '1', jobs: 1 }
const answers: Record<string, JobDays | JobPage> = {
  'jobs.days': {
    total: 1,
    days: [{ day, jobs: 1, charged: 10, lost: 0 }],
    opened: [{ day, pages: [{ ...keys, items: [job] }] }],
  },
  'jobs.list': { items: [job], next: null, searchedNewest: null, isLoose: false, suggestion: null },
}

function openList() {
  const asked: string[] = []
  const request = async (route: string) => {
    asked.push(route)
    return { ok: true, data: answers[route] }
  }
  const client = createQueryClient()
  const session: ListSession = {
    inView: { first: 0, last: 0, kept: null },
    showsWaiting: false,
    shouldHold: () => false,
  }
  const optionsOf = (text?: string) => ({
    ...listQuery({ request } as unknown as Bridge, client, { text }, session),
    placeholderData: keepPreviousData<WholeList | Feed>,
  })
  const observer = new QueryObserver<WholeList | Feed>(client, optionsOf())
  const unsubscribe = observer.subscribe(() => {})
  return {
    asked,
    search: (text?: string) => observer.setOptions(optionsOf(text)),
    shown: () => {
      const { data, isPlaceholderData } = observer.getCurrentResult()
      return data && { kind: data.kind, id: data.id, isCurrent: !isPlaceholderData }
    },
    updated: () => new Promise(setImmediate),
    close: unsubscribe,
  }
}

it('loads the first jobs of the history with one request', async () => {
  const list = openList()
  await list.updated()
  expect(list.shown()).toEqual({ kind: 'history', id: '{}', isCurrent: true })
  expect(list.asked).toEqual(['jobs.days'])
  list.close()
})

it('shows the history until the search is there, and the same history after it', async () => {
  const list = openList()
  await list.updated()
  list.search('고양')
  expect(list.shown()).toEqual({ kind: 'history', id: '{}', isCurrent: false })
  await list.updated()
  expect(list.shown()).toEqual({ kind: 'search', id: '{"text":"고양"}', isCurrent: true })
  list.search()
  // The same id has the same scroll anchor, and nothing is read again.
  expect(list.shown()).toEqual({ kind: 'history', id: '{}', isCurrent: true })
  await list.updated()
  expect(list.asked).toEqual(['jobs.days', 'jobs.list'])
  list.close()
})

it('keeps the hits of the last key until those of the next key are there', async () => {
  const list = openList()
  list.search('고')
  await list.updated()
  list.search('고양')
  expect(list.shown()).toEqual({ kind: 'search', id: '{"text":"고"}', isCurrent: false })
  await list.updated()
  expect(list.shown()).toEqual({ kind: 'search', id: '{"text":"고양"}', isCurrent: true })
  list.close()
})
