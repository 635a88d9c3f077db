import type { Bridge } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../shared/routes.ts'

/** Calls a route and answers its data. Throws `AppError` where the envelope holds an error. */
export async function request<R extends RouteName>(
  bridge: Bridge,
  route: R,
  input: RouteInput<R>,
): Promise<RouteOutput<R>> {
  const envelope = await bridge.request(route, input)
  if (envelope.ok) return envelope.data
  throw new AppError(envelope.error.code, envelope.error.params)
}

/** Whether an error says that the core cannot be reached at all, rather than that it refused one request. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'disconnected' || error.code === 'core_stopped')
}
