import type { Envelope } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import type { RouteMode } from '../../shared/route.ts'
import { type RouteName, routes } from '../../shared/routes.ts'
import type { Log } from '../ports.ts'
import { explainStoreError } from '../store/file/errors.ts'
import { isWithinLimit } from './input-limit.ts'

/** The only entry to the core. Answers every request; a failure is an error code. Never rejects. */
export type Dispatch = (route: string, input: unknown) => Promise<Envelope<unknown>>

const unknownRoute: Envelope<never> = { ok: false, error: { code: 'unknown_route', params: {} } }

const invalidInput: Envelope<never> = { ok: false, error: { code: 'invalid_input', params: { field: '' } } }

/** The entry to all routes: passes each request within the limits to the entry for the mode of its route. */
export function dispatchByMode(entries: Record<RouteMode, Dispatch>): Dispatch {
  return async (route, input) => {
    if (!Object.hasOwn(routes, route)) return unknownRoute
    return isWithinLimit(input) ? entries[routes[route as RouteName].mode](route, input) : invalidInput
  }
}

export interface DispatchParts<Context> {
  handlers: { readonly [route: string]: (context: Context, input: never) => unknown }
  context: Context
  /** Named in the error if the disk or the database fails. */
  dataDir: string
  log: Log
  /** Runs the call of a handler, for example in a transaction. */
  within?: <T>(call: () => T) => T
}

/** The entry to the routes of `handlers`: validates the input once, then calls. Any other route is `unknown_route`. */
export function createDispatch<Context>(parts: DispatchParts<Context>): Dispatch {
  const { handlers, context, dataDir, log, within = (call) => call() } = parts
  return async (route, input) => {
    const handle = Object.hasOwn(handlers, route) ? handlers[route] : undefined
    if (!handle) return unknownRoute
    try {
      const parsed = routes[route as RouteName].input.safeParse(withoutUndefined(input))
      if (!parsed.success) throw new AppError('invalid_input', { field: parsed.error.issues[0]?.path.join('.') ?? '' })
      return { ok: true, data: await within(() => handle(context, parsed.data as never)) }
    } catch (error) {
      const explained = explainStoreError(error, dataDir)
      if (explained instanceof AppError) return { ok: false, error: explained.toView() }
      log.warn('route failed', { route, detail: String(explained) })
      return { ok: false, error: { code: 'internal', params: {} } }
    }
  }
}

/** Drops absent values: Electron's messages keep them as keys, JSON does not, and every host must get the same answer. */
const withoutUndefined = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
    : input
