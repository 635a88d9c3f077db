/** Connections that end at any moment: a web page or a local program must not end the browser host or keep its page out. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let host: ChildProcess
let port: number
let token: string
let stderr = ''
beforeAll(async () => {
  host = spawn(process.execPath, [fileURLToPath(new URL('server-child.ts', import.meta.url))])
  host.stderr?.on('data', (data) => {
    stderr += data
  })
  const lines = createInterface({ input: host.stdout as NodeJS.ReadableStream })
  const [line] = (await once(lines, 'line')) as [string]
  ;({ port, token } = JSON.parse(line) as { port: number; token: string })
})
afterAll(() => {
  host.kill()
})

const requests = {
  'a WebSocket upgrade without a token': ['GET /socket HTTP/1.1', 'connection: upgrade', 'upgrade: websocket'],
  'a WebSocket upgrade from a web page': [
    ...['GET /socket HTTP/1.1', 'connection: upgrade', 'upgrade: websocket', 'origin: http://evil.test'],
    'sec-fetch-site: cross-site',
  ],
  'the page': ['GET / HTTP/1.1'],
  'a foreign page': ['GET / HTTP/1.1', 'origin: http://evil.test'],
  'half a body': ['POST /session HTTP/1.1', 'content-type: application/json', 'content-length: 500'],
  CONNECT: ['CONNECT evil.test:443 HTTP/1.1'],
  'a media file': ['GET /media/agent-1/job/result?key=none HTTP/1.1'],
  nonsense: ['\0\0\0 not HTTP'],
}

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}

/** Sends a request of which the first `bytes` arrive before the connection is reset. */
async function sendAndReset(lines: readonly string[], bytes: number): Promise<void> {
  const socket = await open()
  const text = `${[lines[0], `host: 127.0.0.1:${port}`, ...lines.slice(1)].join('\r\n')}\r\n\r\n{"code":`
  if (!socket.destroyed) socket.write(text.slice(0, bytes))
  socket.resetAndDestroy()
}

/** Over a connection of its own: the host drops idle ones first, and `fetch` would reuse one. */
const servesPage = async () => {
  const [response] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}
const expectAlive = async () => {
  expect(host.exitCode, stderr).toBeNull()
  expect(await servesPage()).toBe(200)
}

describe.each(Object.entries(requests))('%s', (_, lines) => {
  test('may be reset at any moment', async () => {
    const whole = lines.join('\r\n').length + 60
    const moments = Array.from({ length: 40 }, (_, index) => Math.ceil((whole * (index + 1)) / 40))
    for (const bytes of moments) await sendAndReset(lines, bytes)
    await Promise.all(moments.map(() => sendAndReset(lines, Number.POSITIVE_INFINITY)))
    await expectAlive()
  })
})

test('a web page that opens 60 sockets and is closed, again and again, ends nothing', async () => {
  for (let visit = 0; visit < 21; visit++) {
    await Promise.all(
      Array.from({ length: 60 }, () => sendAndReset(requests['a WebSocket upgrade from a web page'], 500)),
    )
  }
  await expectAlive()
})

test('an admitted socket may be reset while the host answers it', async () => {
  for (let count = 0; count < 20; count++) {
    const socket = await open()
    socket.write(
      `${['GET /socket HTTP/1.1', `host: 127.0.0.1:${port}`, 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', `sec-websocket-protocol: carat, ${token}`].join('\r\n')}\r\n\r\n`,
    )
    if (count % 2 === 0) await once(socket, 'data')
    socket.resetAndDestroy()
  }
  await expectAlive()
})

test('1,000 idle connections do not keep the page out', async () => {
  const idle: Socket[] = []
  for (let count = 0; count < 1_000; count++) idle.push(await open())
  await expectAlive()
  for (const socket of idle) socket.destroy()
})
