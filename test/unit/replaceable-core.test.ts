import { expect, test, vi } from 'vitest'
import { replaceableCore } from '../../src/browser-host/replaceable-core.ts'
import type { CoreEvent } from '../../src/shared/events.ts'

/** A core that answers with its name. */
function namedCore(name: string) {
  const listeners = new Set<(event: CoreEvent) => void>()
  return {
    request: vi.fn(async () => ({ ok: true as const, data: name })),
    subscribe(listener: (event: CoreEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    publish: (event: CoreEvent) => {
      for (const listener of listeners) listener(event)
    },
    wake: vi.fn(),
    media: vi.fn(async () => null),
    close: vi.fn(async () => {}),
  }
}
const changed: CoreEvent = { sequence: 1, type: 'service' }

test('closes the core before the next one starts, and keeps the subscriptions', async () => {
  const [first, second] = [namedCore('first'), namedCore('second')]
  const core = await replaceableCore(async () => first)
  const heard: CoreEvent[] = []
  core.subscribe((event) => heard.push(event))
  const launched = core.replace(async () => {
    expect(first.close).toHaveBeenCalledOnce()
    return second
  })
  // A request that comes meanwhile waits for the next core.
  const answer = core.request('app.state', {})
  await launched
  expect(await answer).toEqual({ ok: true, data: 'second' })
  second.publish(changed)
  expect(heard).toEqual([changed])
})

test('answers that the core has stopped if the next one cannot start, and can still be closed', async () => {
  const core = await replaceableCore(async () => namedCore('first'))
  await expect(core.replace(() => Promise.reject(new Error('no space')))).rejects.toThrow('no space')
  expect(await core.request('app.state', {})).toMatchObject({ ok: false, error: { code: 'core_stopped' } })
  await core.close()
})
