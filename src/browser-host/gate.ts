import { createHash, timingSafeEqual } from 'node:crypto'
import type { MediaRef } from '../shared/bridge.ts'
import { parseMediaPath } from '../shared/media-path.ts'

/** A request as received, before any check. */
export interface IncomingRequest {
  method: string
  /** The request target as sent: path and query. */
  target: string
  /** Names and values in turn, repetitions included. */
  rawHeaders: readonly string[]
  upgrade: boolean
}

/** The origin and secrets that one launch of the host accepts. */
export interface Gate {
  port: number
  /** The secret that permits calls. */
  token: string
  /** The weaker secret that permits media; it is part of their addresses. */
  mediaKey: string
}

export type Admission =
  | { to: 'file'; path: string }
  | { to: 'session' }
  | { to: 'socket' }
  | { to: 'media'; ref: MediaRef }
  /** The ticket is yet to be compared with those that the host gave out. */
  | { to: 'export'; ticket: string }
  | { to: 'nowhere'; status: 400 | 401 | 403 | 404 | 405 | 415 | 421 }

/** Decides about every request before any route. Pure: the same request always gets the same decision. */
export function admit(request: IncomingRequest, gate: Gate): Admission {
  const header = headerReader(request.rawHeaders)
  const host = header('host')
  // Only this header reveals a page that rebinds its own host name to this address (DNS rebinding).
  if (host !== `127.0.0.1:${gate.port}` && host !== `localhost:${gate.port}`) return refuse(421)
  if (!request.target.startsWith('/')) return refuse(400)
  const origin = header('origin')
  if (origin !== undefined && origin !== `http://${host}`) return refuse(403)

  const [path = '', query = ''] = split(request.target, '?')
  const site = header('sec-fetch-site')
  const isVisit = header('sec-fetch-mode') === 'navigate' && header('sec-fetch-dest') === 'document'
  // A top-level navigation shows the page to the user and reveals nothing to the page that led here, such as our hand-over file.
  if (site !== undefined && site !== 'same-origin' && !(path === '/' && isVisit)) return refuse(403)

  if (request.upgrade) return admitSocket(request.method, path, header('sec-websocket-protocol'), gate)
  if (path === '/session') return admitSession(request.method, header('content-type'))
  if (request.method !== 'GET') return refuse(405)
  if (path.startsWith('/exports/')) return { to: 'export', ticket: path.slice('/exports/'.length) }
  if (!path.startsWith('/media/')) return { to: 'file', path }
  if (!equal(new URLSearchParams(query).get('key') ?? '', gate.mediaKey)) return refuse(401)
  const ref = parseMediaPath(path)
  return ref === null ? refuse(404) : { to: 'media', ref }
}

/** The page cannot set headers on a WebSocket, so the token comes as the second subprotocol. */
function admitSocket(method: string, path: string, protocols: string | undefined, gate: Gate): Admission {
  if (method !== 'GET' || path !== '/socket') return refuse(404)
  const [name, token = ''] = (protocols ?? '').split(',').map((protocol) => protocol.trim())
  return name === 'carat' && equal(token, gate.token) ? { to: 'socket' } : refuse(401)
}

/** The JSON content type forces a preflight request for foreign pages, and this server permits none. */
function admitSession(method: string, contentType: string | undefined): Admission {
  if (method !== 'POST') return refuse(405)
  return contentType === 'application/json' ? { to: 'session' } : refuse(415)
}

/** Compares secrets in constant time. */
export function equal(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}

/** A repeated header counts as one that matches nothing. */
function headerReader(rawHeaders: readonly string[]): (name: string) => string | undefined {
  const headers = new Map<string, string>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase()
    headers.set(name, headers.has(name) ? '\0' : (rawHeaders[i + 1] as string))
  }
  return (name) => headers.get(name)
}

function split(text: string, separator: string): string[] {
  const index = text.indexOf(separator)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

function refuse(status: 400 | 401 | 403 | 404 | 405 | 415 | 421): Admission {
  return { to: 'nowhere', status }
}
