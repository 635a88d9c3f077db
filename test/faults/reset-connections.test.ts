/** Connections that end at any moment: a web page or a local program must not end the browser host or keep its page out. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let host: ChildProcess
let lines: AsyncIterator<string>
let port: number
let token: string
let stderr = ''
const nextLine = async () => JSON.parse((await lines.next()).value as string)
beforeAll(async () => {
  host = spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL('server-child.ts', import.meta.url))])
  host.stderr?.on('data', (data) => {
    stderr += data
  })
  lines = createInterface({ input: host.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  ;({ port, token } = (await nextLine()) as { port: number; token: string })
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

/** Opens the socket of a page. */
async function openAsPage(): Promise<Socket> {
  const socket = await open()
  socket.write(
    `${['GET /socket HTTP/1.1', `host: 127.0.0.1:${port}`, 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', `sec-websocket-protocol: carat, ${token}`].join('\r\n')}\r\n\r\n`,
  )
  return socket
}

test('an admitted socket may be reset while the host answers it', async () => {
  for (let count = 0; count < 20; count++) {
    const socket = await openAsPage()
    if (count % 2 === 0) await once(socket, 'data')
    socket.resetAndDestroy()
  }
  await expectAlive()
})

async function leaveIdle(count: number): Promise<void> {
  const idle: Socket[] = []
  for (let number = 0; number < count; number++) idle.push(await open())
  await expectAlive()
  for (const socket of idle) socket.destroy()
}

test('1,000 idle connections do not keep the page out', () => leaveIdle(1_000))

/** The header of a masked text frame of four million bytes. */
const largeFrame = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x3d, 0x09, 0, 0, 0, 0, 0])

/** Sends three of the four megabytes of a frame over each of some connections, and then resets them all. */
async function sendHalfFrames(count: number): Promise<void> {
  const pages = await Promise.all(Array.from({ length: count }, openAsPage))
  for (const page of pages) {
    await new Promise((sent) => page.write(Buffer.concat([largeFrame, Buffer.alloc(3_000_000, 'x')]), sent))
    page.resetAndDestroy()
  }
}

async function flood(): Promise<void> {
  for (const lines of Object.values(requests)) {
    await Promise.all(Array.from({ length: 50 }, () => sendAndReset(lines, Number.POSITIVE_INFINITY)))
  }
  await leaveIdle(100)
  await sendHalfFrames(10)
  await expectAlive()
}

test('no flood leaves memory or sockets behind', async () => {
  const memory = async () => {
    host.stdin?.write('\n')
    return (await nextLine()) as { held: number; sockets: number }
  }
  // The first flood also compiles the code that it reaches.
  await flood()
  const before = await memory()
  for (let count = 0; count < 4; count++) await flood()
  const after = await memory()
  expect(after.sockets).toBe(before.sockets)
  expect((after.held - before.held) / 1_000_000).toBeLessThan(1)
}, 30_000)
