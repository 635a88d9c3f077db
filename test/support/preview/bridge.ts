import type { Bridge } from '../../../src/shared/bridge.ts'
import { mediaPath } from '../../../src/shared/media-path.ts'

/**
 * Routes of the screens, not of the frame around them: `loading` never answers them, `broken` answers with an error.
 */
const screenRoutes = /^(overview|jobs|credits|refunds|help|support|originals|backup|cache)\./

/** The bridge to the core that the preview's server runs for `state`: requests over HTTP, events as a stream. */
export function openPreviewBridge(state: string, host: Bridge['host']): Bridge {
  return {
    host,
    async request(route, input) {
      // The frame stays: only the heartbeat fails, as it does while the host is away.
      if (state === 'lost' && route === 'sync.state') return { ok: false, error: { code: 'disconnected', params: {} } }
      // Held here and not by the server: open requests would use up the connections that fonts need.
      if (state === 'loading' && screenRoutes.test(route)) return new Promise(() => {})
      if (state === 'broken' && screenRoutes.test(route)) return { ok: false, error: { code: 'internal', params: {} } }
      const body = JSON.stringify({ route, input })
      return (await fetch(`/core/request?state=${state}`, { method: 'POST', body })).json()
    },
    subscribe(listener) {
      const events = new EventSource(`/core/events?state=${state}`)
      events.onmessage = (message) => listener(JSON.parse(message.data))
      return () => events.close()
    },
    mediaUrl: (media) => `${mediaPath(media)}?state=${state}`,
  }
}
