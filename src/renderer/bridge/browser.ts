import type { Bridge, Envelope } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import type { CoreEvent } from '../../shared/events.ts'
import { mediaPath } from '../../shared/media-path.ts'
import type { SyncState } from '../../shared/views.ts'

/** The tokens that the hand-over code was exchanged for: one for calls, and a weaker one for pictures. */
export interface BrowserSession {
  token: string
  mediaKey: string
}

type ServerFrame = { id: number; envelope: Envelope<unknown> } | { event: CoreEvent }

/** The key of this tab's session in the session storage. */
export const storageKey = 'carat-session'
const firstDelayMs = 250
const maxDelayMs = 5_000

/**
 * Exchanges the code in the address for a session, or continues this tab's stored session, and connects. Resolves once the first
 * try to connect has ended.
 */
export async function openBrowserBridge(): Promise<Bridge> {
  const session = (await exchangeCode()) ?? storedSession()
  if (!session) throw new AppError('disconnected')
  // Survives a reload. Unlike a cookie, session storage belongs to a single tab and port.
  sessionStorage.setItem(storageKey, JSON.stringify(session))
  const bridge = connect(location.origin, session)
  window.addEventListener('focus', bridge.wake)
  await bridge.tried
  return bridge
}

async function exchangeCode(): Promise<BrowserSession | null> {
  const code = /^#([\w-]{43})$/.exec(location.hash)?.[1]
  if (!code) return null
  history.replaceState(null, '', location.pathname)
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  }).catch(() => null)
  return response?.ok ? ((await response.json()) as BrowserSession) : null
}

function storedSession(): BrowserSession | null {
  return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null')
}

interface BrowserBridge extends Bridge {
  /** Tells the core that the user looks at the page again, so that it syncs soon. */
  wake(): void
  /** Resolves when the first try to connect has ended. */
  tried: Promise<unknown>
}

/** A WebSocket to the browser host at `origin`. Reconnects until the page is closed. */
export function connect(origin: string, session: BrowserSession): BrowserBridge {
  const pending = new Map<number, (envelope: Envelope<unknown>) => void>()
  const listeners = new Set<(event: CoreEvent) => void>()
  let socket: WebSocket
  let opened: Promise<boolean>
  let lastId = 0
  let failures = 0

  const publish = (event: CoreEvent) => {
    for (const listener of listeners) listener(event)
  }

  const receive = (frame: ServerFrame) => {
    if ('event' in frame) return publish(frame.event)
    pending.get(frame.id)?.(frame.envelope)
    pending.delete(frame.id)
  }

  const call = async (route: string, input: unknown): Promise<Envelope<unknown>> => {
    if (!(await opened) || socket.readyState !== WebSocket.OPEN) return disconnected()
    return new Promise((resolve) => {
      const id = ++lastId
      pending.set(id, resolve)
      socket.send(JSON.stringify({ id, route, input }))
    })
  }

  /** After missed events: publishes the sync state out of sequence, so that the page refetches everything. */
  const catchUp = async () => {
    const state = (await call('sync.state', {})) as Envelope<SyncState>
    if (state.ok) publish({ sequence: 0, type: 'sync', state: state.data })
  }

  const open = (again: boolean) => {
    // The token is sent as a subprotocol: a page cannot set headers of a WebSocket, and addresses end up in logs.
    socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, ['carat', session.token])
    opened = new Promise<boolean>((resolve) => {
      socket.onopen = () => {
        failures = 0
        resolve(true)
        if (again) catchUp()
      }
      socket.onclose = () => {
        resolve(false)
        for (const settle of pending.values()) settle(disconnected())
        pending.clear()
        const delay = Math.min(maxDelayMs, firstDelayMs * 2 ** failures++)
        setTimeout(open, delay * (0.5 + Math.random() / 2), true)
      }
    })
    socket.onmessage = (message) => receive(JSON.parse(message.data))
    return opened
  }
  const tried = open(false)

  return {
    host: 'browser',
    tried,
    request: call as Bridge['request'],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake() {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ wake: true }))
    },
    mediaUrl: (media) => `${mediaPath(media)}?key=${session.mediaKey}`,
  }
}

function disconnected(): Envelope<never> {
  return { ok: false, error: { code: 'disconnected', params: {} } }
}
