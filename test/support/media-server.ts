/** A real HTTP server for the files of results, with ranges, entity tags and any fault. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseRange } from '../../src/core/service/http-range.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
/** The signature and header of a PNG of one pixel, up to its data. */
export const pngHead = bytesOf('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDAT')
export const png = Uint8Array.from([...pngHead, ...bytesOf(' and the rest of a picture')])

/** A picture of the given size whose bytes vary. */
export function picture(size: number): Buffer {
  const file = Buffer.alloc(size)
  for (let at = 0; at < size; at++) file[at] = (at * 7 + (at >> 8)) & 0xff
  file.set(pngHead)
  return file
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export type MediaServer = Awaited<ReturnType<typeof createMediaServer>>

/** Starts on a free port of 127.0.0.1. Answers every path with `png` unless a test changes it. */
export async function createMediaServer() {
  const requests: IncomingMessage[] = []
  const listeners = new Map<string, RequestListener>()
  const ordinary: RequestListener = (_, response) => response.end(png)
  const server = createServer((request, response) => {
    requests.push(request)
    const listener = listeners.get(request.url ?? '') ?? listeners.get('*') ?? ordinary
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** The requested paths in order. */
    paths: () => requests.map(({ url }) => url),
    /** Sets the listener of a path, or of all other paths with `*`. Without a listener, the default applies again. */
    on(path: string, listener?: RequestListener): void {
      if (listener) listeners.set(path, listener)
      else listeners.delete(path)
    },
    /** Breaks off every answer that is being sent. */
    hangUp: () => server.closeAllConnections(),
    async close(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/**
 * Serves a file or the requested range of it, with an entity tag. Stops sending at `stopAt` without ending the answer.
 */
export function serveFile(file: Uint8Array, etag: string | null = '"one"', stopAt = file.length): RequestListener {
  return (request, response) => {
    if (etag !== null) response.setHeader('etag', etag)
    const condition = request.headers['if-range']
    const asked = condition === undefined || condition === etag ? request.headers.range : undefined
    const range = parseRange(asked, file.length)
    if (range === 'outside') return response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
    const { start, end } = range ?? { start: 0, end: file.length - 1 }
    response.setHeader('content-length', end - start + 1)
    if (range) response.setHeader('content-range', `bytes ${start}-${end}/${file.length}`)
    response.writeHead(range ? 206 : 200)
    if (stopAt > end) response.end(file.subarray(start, end + 1))
    else response.write(file.subarray(start, stopAt))
  }
}
