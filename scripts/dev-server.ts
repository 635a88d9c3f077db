/**
 * Vite's development server in front of a browser host. The host keeps its admission check: requests for it pass through
 * with the host's own name, and with the host's origin only if they come from the page that Vite serves.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import react from '@vitejs/plugin-react'
import { createServer, type ProxyOptions, type ViteDevServer } from 'vite'
import { securityHeaders } from '../src/core/host/page.ts'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const { values } = parseArgs({ args, options: { port: { type: 'string' } }, strict: false })

// The last option counts: `--port` is the address of the page, so the host gets any free port.
const host = spawn(process.execPath, [join(root, 'out/main/host.js'), ...args, '--no-open', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
stopHostOnSignal()

let page: ViteDevServer | null = null
host.once('exit', async (code) => {
  await page?.close()
  process.exit(code ?? 1)
})

for await (const line of createInterface({ input: host.stdout })) {
  const address = /ready: (http:\S+)/.exec(line)?.[1]
  if (address) await servePage(new URL(address))
}

/**
 * The end of the host ends this process. Replaces Vite's own listener, which exits with 143 before the host has
 * stopped.
 */
function stopHostOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, () => host.kill())
  }
}

/** Serves the sources of the page, with the bridge and the media of the host at `address`, and prints the address. */
async function servePage({ origin, hash }: URL): Promise<void> {
  const nonce = randomBytes(16).toString('base64')
  const toHost = proxyTo(origin)
  try {
    page = await createServer({
      configFile: false,
      root: join(root, 'src/renderer'),
      cacheDir: join(root, '.cache/vite'),
      plugins: [react()],
      html: { cspNonce: nonce },
      logLevel: 'warn',
      server: {
        host: '127.0.0.1',
        port: Number(values.port ?? 5173),
        headers: developmentHeaders(nonce),
        // Checkouts of the same project may share their packages by a link.
        fs: { allow: [root, realpathSync(join(root, 'node_modules'))] },
        proxy: { '^/session$': toHost, '^/socket$': { ...toHost, ws: true }, '^/(media|exports)/': toHost },
      },
    })
    stopHostOnSignal()
    await page.listen()
  } catch (error) {
    host.kill()
    throw error
  }
  console.log(`Carat Companion is ready: ${page.resolvedUrls?.local[0]}${hash}`)
}

/** Passes requests to the host. A foreign origin stays as it is, so that the host refuses it. */
function proxyTo(origin: string): ProxyOptions {
  const passOrigin = (request: ClientRequest, { headers }: IncomingMessage) => {
    if (headers.origin === `http://${headers.host}`) request.setHeader('origin', origin)
  }
  return {
    target: origin,
    changeOrigin: true,
    configure: (proxy) => proxy.on('proxyReq', passOrigin).on('proxyReqWs', passOrigin),
  }
}

/**
 * The headers of the shipped page. Vite's own scripts and styles carry `nonce`; its reconnection runs in a blob worker.
 */
function developmentHeaders(nonce: string): Record<string, string> {
  const headers = securityHeaders('ws:')
  const policy = headers['content-security-policy'] as string
  return {
    ...headers,
    'content-security-policy': `${policy.replace(/(script|style)-src 'self'/g, `$& 'nonce-${nonce}'`)}; worker-src 'self' blob:`,
  }
}
