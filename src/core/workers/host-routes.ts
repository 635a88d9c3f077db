import type { Envelope } from '../../shared/bridge.ts'
import type { CoreEventBody } from '../../shared/events.ts'
import { routes } from '../../shared/routes.ts'
import type { Settings } from '../../shared/views.ts'
import type { SettingsStore } from '../ports.ts'

/** Answers the routes of the settings file in the host's own thread, and publishes what changed. */
export function dispatchSettings(
  route: 'settings.get' | 'settings.set',
  input: unknown,
  settings: SettingsStore,
  publish: (event: CoreEventBody) => void,
): Envelope<Settings> {
  const parsed = routes[route].input.safeParse(input)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    return { ok: false, error: { code: 'invalid_input', params: { field } } }
  }
  if (route === 'settings.get') return { ok: true, data: settings.get() }
  const changed = settings.set(parsed.data)
  publish({ type: 'settings', settings: changed })
  return { ok: true, data: changed }
}
