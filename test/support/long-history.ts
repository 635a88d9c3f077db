/**
 * Simulates a history of any length for a real page: the routes of the Library's list are computed from job numbers.
 */
import type { Page, WebSocketRoute } from '@playwright/test'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import type { FoundJob, JobDay } from '../../src/shared/views.ts'

const msPerDay = 86_400_000
const koreanOffset = 9 * 3_600_000
/** One job in 14 delivered no result. */
const lossEvery = 14

interface LongHistory {
  jobs: number
  /** The time of the newest job. */
  newest: number
  /** Milliseconds between two jobs. */
  spacing: number
}

type Answers = { [R in RouteName]?: (input: RouteInput<R>) => RouteOutput<R> }

/** Answers the routes of the Library's list, ignoring filters; other requests go to the host. */
export async function simulateHistory(page: Page, history: LongHistory): Promise<void> {
  const answers = answersOf(history)
  await page.routeWebSocket(/\/socket$/, (socket: WebSocketRoute) => {
    const host = socket.connectToServer()
    socket.onMessage((message) => {
      const { id, route, input } = JSON.parse(String(message))
      const answer = answers[route as RouteName] as ((input: unknown) => unknown) | undefined
      if (!answer) return host.send(message)
      socket.send(JSON.stringify({ id, envelope: { ok: true, data: answer(input) } }))
    })
  })
}

/** Jobs are numbered from 0, the newest; the key of a job counts down to 1. */
function answersOf({ jobs, newest, spacing }: LongHistory): Answers {
  const timeOf = (number: number) => newest - number * spacing
  const dayOf = (at: number) => Math.floor((at + koreanOffset) / msPerDay) * msPerDay - koreanOffset
  /** The first job at or before a time. */
  const numberAt = (time: number) => Math.max(0, Math.min(jobs, Math.ceil((newest - time) / spacing)))
  const keyOf = (number: number) => String(jobs - number)
  const numberOf = (key: string) => jobs - Number(key)
  const between = (from: number, to: number): JobDay[] => {
    const days: JobDay[] = []
    for (let start = from; start < to; ) {
      const day = dayOf(timeOf(start))
      const end = Math.min(to, numberAt(day - 1))
      const count = end - start
      const lost = Math.floor(end / lossEvery) - Math.floor(start / lossEvery)
      days.push({ day, jobs: count, charged: count * 10, lost: lost * 10 })
      start = end
    }
    return days
  }
  const range = ({ from, to }: { from?: number; to?: number }) => {
    const first = to === undefined ? 0 : numberAt(to - 1)
    return { first, end: from === undefined ? jobs : Math.max(first, numberAt(from - 1)) }
  }
  const jobOf = (number: number): FoundJob => ({
    account: null,
    agent: number % 3 ? 'agent-1' : 'agent-2',
    jobId: `job-${number}`,
    chatId: 'chat',
    chatTitle: '연습',
    fileName: null,
    kind: 'image',
    model: 'Z Image',
    prompt: `풍경 ${number}`,
    outcome: 'succeeded',
    refundStatus: 'completed',
    refundReason: 'delivered',
    charged: 10,
    refunded: 0,
    dueAt: null,
    createdAt: timeOf(number),
    finishedAt: timeOf(number),
    requestedResults: 1,
    resultCount: 1,
    results: [
      {
        id: `result-${number}`,
        mimeType: 'image/png',
        width: [900, 1200, 1600][number % 3] ?? null,
        height: 900,
        durationMs: null,
        bytes: null,
      },
    ],
    removedAt: null,
  })
  return {
    'jobs.days': (input) => {
      const { first, end } = range(input)
      return { total: end - first, days: between(first, end), opened: [] }
    },
    'jobs.pageKeys': ({ day, size, from, to }) => {
      const { first, end } = range({
        from: Math.max(day, from ?? day),
        to: Math.min(day + msPerDay, to ?? day + msPerDay),
      })
      const starts = Array.from({ length: Math.ceil((end - first) / size) }, (_, page) => first + page * size)
      return starts.map((start) => {
        const after = Math.min(end, start + size)
        return { before: keyOf(start - 1), through: keyOf(after - 1), jobs: after - start }
      })
    },
    'jobs.list': ({ before, through, limit = 50, from, to }) => {
      const { first, end } = range({ from, to })
      const start = Math.max(first, before ? numberOf(before) + 1 : 0)
      const last = Math.min(end, through ? numberOf(through) + 1 : end)
      const stop = Math.min(last, start + limit)
      const items = Array.from({ length: stop - start }, (_, index) => jobOf(start + index))
      return {
        items,
        next: stop < last ? keyOf(stop - 1) : null,
        searchedNewest: null,
        isLoose: false,
        suggestion: null,
      }
    },
    'jobs.counts': () => ({
      total: jobs,
      isComplete: true,
      next: null,
      kinds: { image: jobs },
      outcomes: { succeeded: jobs },
      refundStatuses: { completed: jobs },
      agents: { 'agent-1': jobs, 'agent-2': 0 },
      models: { 'Z Image': jobs },
    }),
  }
}
