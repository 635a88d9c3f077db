import type { HostCore } from '../core/workers/launch.ts'
import { AppError } from '../shared/errors.ts'
import type { CoreEvent } from '../shared/events.ts'

/** What the browser host uses of a core. */
type UsedCore = Pick<HostCore, 'request' | 'subscribe' | 'wake' | 'media' | 'close'>

export interface ReplaceableCore extends UsedCore {
  /** Closes the core and launches the next one. Requests that come meanwhile wait for it. Rejects as `launch` does. */
  replace(launch: () => Promise<UsedCore>): Promise<void>
}

/** A core that can be replaced while its users keep it and their subscriptions. Rejects as `launch` does. */
export async function replaceableCore(launch: () => Promise<UsedCore>): Promise<ReplaceableCore> {
  const listeners = new Set<(event: CoreEvent) => void>()
  async function start(launchNext: () => Promise<UsedCore>): Promise<UsedCore> {
    const core = await launchNext()
    core.subscribe((event) => {
      for (const listener of listeners) listener(event)
    })
    return core
  }
  const stopped = new AppError('core_stopped').toView()
  let current = start(launch)
  await current
  /** Closes the core; one that could not be launched has nothing to close. */
  const close = () =>
    current.then(
      (core) => core.close(),
      () => {},
    )
  return {
    request: (route, input) =>
      current.then((core) => core.request(route, input)).catch(() => ({ ok: false, error: stopped })),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake: () => void current.then((core) => core.wake()).catch(() => {}),
    media: (ref, signal) => current.then((core) => core.media(ref, signal)).catch(() => null),
    async replace(launchNext) {
      current = close().then(() => start(launchNext))
      await current
    },
    close,
  }
}
