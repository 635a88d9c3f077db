import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { answerMedia } from '../core/host/media-answer.ts'
import { type PageFile, securityHeaders } from '../core/host/page.ts'
import type { HostCore } from '../core/workers/launch.ts'
import type { MediaRef } from '../shared/bridge.ts'
import { AppError } from '../shared/errors.ts'
import { sendText, serveCalls } from './calls.ts'
import { watchConnections } from './connections.ts'
import type { Downloads } from './downloads.ts'
import { admit, equal, type Gate } from './gate.ts'

const kibibyte = 1024
/** Bytes. Every text that a route takes fits, whatever its characters; a larger frame closes the socket. */
const maxFrame = 4_096 * kibibyte
/** Pages that may be open at once. The others still load, and say that the app does not answer. */
const maxPages = 48
const maxConnections = 96

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  origin: string
  /** A new address that opens the page once; its code is valid until it is used. */
  invite(): string
  close(): Promise<void>
}

/** Serves the page, the media, exports and one WebSocket per page on 127.0.0.1. Rejects with `port_in_use`. */
export async function startServer(
  core: Pick<HostCore, 'request' | 'subscribe' | 'wake' | 'media' | 'close'>,
  page: Map<string, PageFile>,
  downloads: Pick<Downloads, 'open' | 'finish'>,
  port: number,
): Promise<LoopbackServer> {
  const gate: Gate = { port, token: secret(), mediaKey: secret() }
  const codes = new Set<string>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrame, handleProtocols: () => 'carat' })

  const server = createServer(
    { maxHeaderSize: 8 * kibibyte, headersTimeout: 10_000, requestTimeout: 10_000 },
    (request, response) => {
      // A caller that disconnects within its body affects no other connection.
      respond(request, response).catch(() => response.destroy())
    },
  )
  server.maxConnections = maxConnections
  const connections = watchConnections(server)

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admission = admit(described(request, false), gate)
    switch (admission.to) {
      case 'file': {
        const file = page.get(admission.path)
        return file ? answer(response, 200, file.body, file.type) : answer(response, 404)
      }
      case 'media':
        connections.pass(request.socket)
        return show(admission.ref, request, response)
      case 'export':
        return send(admission.ticket, response)
      case 'session':
        return exchange(request, response)
      case 'socket':
        return answer(response, 400)
      case 'nowhere':
        return answer(response, admission.status)
    }
  }

  function answer(response: ServerResponse, status: number, body?: Uint8Array | string, type?: string): void {
    const headers = securityHeaders(`ws://127.0.0.1:${gate.port} ws://localhost:${gate.port}`)
    response.writeHead(status, { ...headers, ...(type && { 'content-type': type }) })
    response.end(body)
  }

  /** Streams a media file at the pace of the page. If the page disconnects, the stream ends. */
  async function show(ref: MediaRef, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hungUp = new AbortController()
    response.once('close', () => hungUp.abort())
    const file = await core.media(ref, hungUp.signal)
    const media = file && (await answerMedia(file, ref, request.headers.range))
    if (!media) return answer(response, 404)
    response.writeHead(media.status, media.headers)
    if (media.body) await pipeline(media.body, response)
    else response.end()
  }

  /** Sends an exported file. If the browser gives up, the file stays for another try. */
  async function send(ticket: string, response: ServerResponse): Promise<void> {
    const download = downloads.open(ticket)
    if (!download) return answer(response, 404)
    connections.pass(response.req.socket)
    response.writeHead(200, download.headers)
    await pipeline(download.body, response)
    downloads.finish(ticket)
  }

  /** Exchanges a one-time code for the secrets of this launch. */
  async function exchange(request: IncomingMessage, response: ServerResponse) {
    const given = await readCode(request)
    const code = [...codes].find((known) => equal(given, known))
    if (code === undefined) return answer(response, 403)
    codes.delete(code)
    const { token, mediaKey } = gate
    answer(response, 200, JSON.stringify({ token, mediaKey }), 'application/json')
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const admission = admit(described(request, true), gate)
    const isFull = sockets.clients.size >= maxPages
    if (admission.to === 'socket' && !isFull) {
      connections.pass(request.socket)
      return sockets.handleUpgrade(request, socket, head, (page) => serveCalls(page, core))
    }
    const status = admission.to === 'nowhere' ? admission.status : isFull ? 503 : 400
    socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  })

  const unsubscribe = core.subscribe((event) => {
    const frame = JSON.stringify({ event })
    for (const socket of sockets.clients) sendText(socket, frame)
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES'
      reject(taken ? new AppError('port_in_use', { port }, { cause: error }) : error)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  gate.port = (server.address() as AddressInfo).port
  const origin = `http://127.0.0.1:${gate.port}`

  return {
    origin,
    invite() {
      const code = secret()
      codes.add(code)
      return `${origin}/#${code}`
    },
    close() {
      unsubscribe()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** 256 random bits. */
const secret = () => randomBytes(32).toString('base64url')

function described({ method = '', url = '', rawHeaders }: IncomingMessage, upgrade: boolean) {
  return { method, target: url, rawHeaders, upgrade }
}

async function readCode(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > kibibyte) return ''
  }
  return z.object({ code: z.string() }).safeParse(parseJson(body)).data?.code ?? ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
