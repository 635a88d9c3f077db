import type { Bridge, Envelope } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../shared/routes.ts'

/** Calls a route and returns its data. Throws as `dataOf`. */
export async function request<R extends RouteName>(
  bridge: Bridge,
  route: R,
  input: RouteInput<R>,
): Promise<RouteOutput<R>> {
  return dataOf(await bridge.request(route, input))
}

/** The data of an envelope. Throws an `AppError` if it holds an error. */
export function dataOf<T>(envelope: Envelope<T>): T {
  if (envelope.ok) return envelope.data
  throw new AppError(envelope.error.code, envelope.error.params)
}

/** Whether the core cannot be reached, as opposed to having refused this request. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'disconnected' || error.code === 'core_stopped')
}
