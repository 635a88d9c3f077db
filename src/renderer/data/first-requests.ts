import type { Bridge, Envelope } from '../../shared/bridge.ts'
import type { CoreEvent } from '../../shared/events.ts'
import type { RouteInput, RouteName } from '../../shared/routes.ts'
import type { Agent, Language } from '../../shared/values.ts'

/** A request that was sent before the code of the page was there. */
export interface FirstRequest {
  key: [route: RouteName, input: object]
  answer: Promise<Envelope<unknown>>
  /** Sends it once more. */
  askAgain(): Promise<Envelope<unknown>>
  /** The answer and the epoch milliseconds at which it came; null until then. */
  settled: { envelope: Envelope<unknown>; at: number } | null
}

export interface FirstRequests {
  all: FirstRequest[]
  /** The events since the requests were sent, in order. From this call on they are no longer kept. */
  takeEvents(): CoreEvent[]
}

/** The days that the overview shows. */
export const overviewDays = 30
export const overviewInput = (agent: Agent | undefined, timeZone: string) => ({ agent, days: overviewDays, timeZone })

/** Sends the requests of the frame and, at its path, of the overview: the core answers while the page is compiled. */
export function sendFirstRequests(bridge: Bridge, path: string, language: Language): FirstRequests {
  const events: CoreEvent[] = []
  const stop = bridge.subscribe((event) => events.push(event))
  const all: FirstRequest[] = []
  const send = <R extends RouteName>(route: R, input: RouteInput<R>) => {
    const ask = () => bridge.request(route, input)
    const answer = ask()
    const request: FirstRequest = { key: [route, input], answer, askAgain: ask, settled: null }
    answer.then((envelope) => {
      request.settled = { envelope, at: Date.now() }
    })
    all.push(request)
  }
  send('settings.get', {})
  send('app.info', {})
  send('recovery.state', {})
  if (path === '/' || path === '/overview') {
    send('overview.get', overviewInput(undefined, Intl.DateTimeFormat().resolvedOptions().timeZone))
  }
  send('account.get', {})
  send('accounts.list', {})
  send('sync.state', {})
  send('jobs.counts', {})
  send('refunds.counts', {})
  send('support.list', {})
  send('links.get', { language: language === 'ko' ? 'ko' : 'en' })
  return {
    all,
    takeEvents() {
      stop()
      return events.splice(0)
    },
  }
}
