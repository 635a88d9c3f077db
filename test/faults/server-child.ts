/**
 * Runs the loopback server of the browser host in a process of its own, which an unhandled error would end. Prints its port and
 * token, and for each line that it reads what its memory holds, in bytes, and its open sockets.
 */
import { createInterface } from 'node:readline'
import { createDownloads } from '../../src/browser-host/downloads.ts'
import { startServer } from '../../src/browser-host/server.ts'
import { temporaryFolder } from '../support/core.ts'

const core = {
  request: async () => ({ ok: true, data: null }) as const,
  subscribe: () => () => {},
  wake() {},
  media: async () => null,
  close: async () => {},
}
const page = new Map([['/', { type: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>') }]])
const { path } = temporaryFolder()
const server = await startServer(
  core,
  page,
  createDownloads(() => path),
  0,
)
const invitation = new URL(server.invite())
const answer = await fetch(`${server.origin}/session`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code: invitation.hash.slice(1) }),
})
const { token } = (await answer.json()) as { token: string }
process.stdout.write(`${JSON.stringify({ port: Number(invitation.port), token })}\n`)

for await (const _ of createInterface({ input: process.stdin })) {
  // Sockets and the buffers of V8 are freed in turns of the event loop after a collection.
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.()
    await new Promise(setImmediate)
  }
  const { heapUsed, external } = process.memoryUsage()
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  process.stdout.write(`${JSON.stringify({ held: heapUsed + external, sockets })}\n`)
}
