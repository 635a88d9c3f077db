import type { Bridge, Envelope } from '../../src/shared/bridge.ts'
import type { ErrorView } from '../../src/shared/errors.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { CoreEvent, CoreEventBody } from '../../src/shared/events.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import type { Settings, SyncState } from '../../src/shared/views.ts'
import { account, dataSource, fixtureNow, links, syncStates } from './fixture-data.ts'
import { originalsOf, originalsStates } from './fixture-originals.ts'
import { pictureOf } from './fixture-pictures.ts'

export type FixtureState = keyof typeof syncStates | 'lost'

export interface FixtureOptions {
  settings?: Partial<Settings>
  state?: FixtureState
  /** How the queue of originals to keep stands. */
  originals?: keyof typeof originalsStates
  /** The platform that `app.info` names, with the host that carries the page. */
  host?: Bridge['host']
  platform?: string
}

export interface FixtureBridge extends Bridge {
  /** Publishes an event under the next sequence number. */
  publish(event: CoreEventBody): void
  /** Every request so far, in order. */
  readonly requests: { route: RouteName; input: unknown }[]
}

type Handlers = { [R in RouteName]: (input: RouteInput<R>) => RouteOutput<R> | ErrorView }

/** A bridge to believable data in memory: the renderer can be seen and tested without a core. */
export function createFixtureBridge({
  settings: initial,
  state = 'synced',
  originals = 'kept',
  host = 'browser',
  platform = 'linux',
}: FixtureOptions = {}): FixtureBridge {
  let settings: Settings = {
    ...{ language: 'ko', theme: 'system', density: 'default', libraryView: 'grid', cacheLimit: 5 },
    ...initial,
  }
  let sequence = 0
  const sync: SyncState = syncStates[state === 'lost' ? 'synced' : state]
  const listeners = new Set<(event: CoreEvent) => void>()
  const requests: FixtureBridge['requests'] = []
  const data = dataSource(state === 'firstSync')

  const publish = (event: CoreEventBody) => {
    sequence += 1
    for (const listener of listeners) listener({ ...event, sequence })
  }

  const refuse = (): never => {
    throw new AppError('not_found', { id: 'fixture' })
  }
  const handlers: Handlers = {
    'app.info': () => ({
      version: '0.1.0',
      dataDir: '/Users/seoyeon/Library/Application Support/Carat Companion',
      sandbox: true,
      api: 'http://127.0.0.1:52814',
      platform,
      now: fixtureNow,
      clockIsFixed: true,
    }),
    'account.get': () => (state === 'firstSync' ? null : account),
    'overview.get': data.overview,
    'jobs.list': data.jobs,
    'jobs.counts': data.jobCounts,
    'jobs.days': data.jobDays,
    'jobs.pageKeys': data.jobPageKeys,
    'jobs.get': data.job,
    'credits.list': data.ledger,
    'credits.counts': data.ledgerCounts,
    'credits.summary': data.creditSummary,
    'refunds.list': data.cases,
    'refunds.counts': data.caseCounts,
    'refunds.get': data.case,
    'sync.state': () => sync,
    'credits.findings': () => [],
    'credits.reconcile': () => null,
    'help.lookAround': () => ({ case: null, around: fixtureNow, candidates: [], charges: [], streams: sync.streams }),
    'help.whereabouts': () => ({ agents: [], otherAccounts: [], streams: sync.streams, matches: [] }),
    'support.list': () => [],
    'support.draft': () => ({ subject: '', text: '' }),
    'support.mail': () => ({ url: 'mailto:help@carat.im', complete: true }),
    'support.save': () => refuse(),
    'support.update': () => refuse(),
    'support.delete': () => refuse(),
    'support.restore': () => refuse(),
    'marks.set': () => refuse(),
    'backup.list': () => [],
    'backup.make': () => refuse(),
    'backup.restore': () => refuse(),
    'export.write': () => refuse(),
    'links.get': ({ language }) => links(language),
    'settings.get': () => settings,
    'originals.job': ({ agent, jobId }) => originalsOf(originals, agent, jobId),
    'originals.estimate': () => ({ originals: 2_408, bytes: 9_640_000_000, ofUnknownSize: 12, free: 84_000_000_000 }),
    'originals.state': () => originalsStates[originals],
    'originals.keep': () => originalsStates[originals],
    'originals.drop': () => originalsStates[originals],
    'originals.pause': () => originalsStates[originals],
    'originals.keepNew': ({ keep }) => ({ ...originalsStates[originals], keepsNew: keep }),
    'cache.usage': () => ({ files: 21_840, bytes: 1_230_000_000 }),
    'cache.clear': () => ({ files: 0, bytes: 0 }),
    'sync.now': () => null,
    'sync.pause': () => null,
    'sync.resume': () => null,
    'sync.acceptListing': () => null,
    'settings.set': (change) => {
      settings = { ...settings, ...change }
      publish({ type: 'settings', settings })
      return settings
    },
    'links.open': (target) => ({ url: 'key' in target ? links('en')[target.key] : 'https://carat.im/chat/fixture' }),
  }

  return {
    host,
    requests,
    publish,
    async request(route, input) {
      requests.push({ route, input })
      // Only the pulse is lost, so that the page has something that still holds.
      if (state === 'lost' && route === 'sync.state') return { ok: false, error: { code: 'disconnected', params: {} } }
      const answer = (handlers[route] as (input: unknown) => unknown)(input)
      return envelopeOf(answer) as Envelope<RouteOutput<typeof route>>
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mediaUrl: ({ jobId, resultId }) => pictureOf(`${jobId}/${resultId}`),
  }
}

function envelopeOf(answer: unknown): Envelope<unknown> {
  const isError = typeof answer === 'object' && answer !== null && 'code' in answer && 'params' in answer
  return isError ? { ok: false, error: answer as ErrorView } : { ok: true, data: answer }
}
