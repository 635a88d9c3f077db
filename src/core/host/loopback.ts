/** The address on this machine to which the system's browser comes back after a sign-in (RFC 8252). */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '../../shared/errors.ts'
import { say } from './messages.ts'

const style = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; box-sizing: border-box;
  background: light-dark(#f6f4ef, #161513); color: light-dark(#1f1d19, #f2efe8); text-align: center;
  font: 16px/1.55 Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', system-ui, sans-serif;
  word-break: keep-all; overflow-wrap: anywhere; }
main { max-width: 30rem; }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.35; }
p { margin: 0 0 16px; color: light-dark(#524e47, #bdb8ad); }
h2 { margin: 0 0 4px; font-size: 16px; }
`
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  connection: 'close',
}

/** The browser has come back. */
export interface Redirected {
  url: URL
  /** Says in the browser whether it worked. Resolves once the page is sent, or the browser is gone. */
  answer(result: 'done' | 'failed'): Promise<void>
}

export interface Loopback {
  redirectUri: string
  /** The first request to the redirect address; any later one is refused. */
  redirected: Promise<Redirected>
  close(): void
}

/** Listens on a free port of 127.0.0.1. Throws `sign_in_no_port`. */
export async function openLoopback(): Promise<Loopback> {
  const redirected = Promise.withResolvers<Redirected>()
  let isTaken = false
  let origin = ''
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, (request, response) => {
    // A target such as `//` is no address: parsing it throws, which would end the whole program.
    const url = URL.parse(request.url ?? '/', origin)
    const isOurs = request.method === 'GET' && url?.origin === origin && request.headers.host === url.host
    if (!isOurs || url.pathname !== '/callback' || isTaken) return response.writeHead(404, headers).end()
    isTaken = true
    redirected.resolve({ url, answer: (result) => send(response, result) })
  })
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening')
  } catch (error) {
    throw new AppError('sign_in_no_port', {}, { cause: error })
  }
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    redirectUri: `${origin}/callback`,
    redirected: redirected.promise,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function send(response: ServerResponse, result: 'done' | 'failed'): Promise<void> {
  return new Promise((resolve) => {
    if (response.closed) return resolve()
    response.once('close', resolve)
    response.writeHead(200, headers).end(page(result))
  })
}

function page(result: 'done' | 'failed'): string {
  const text = (part: 'Title' | 'Body', language: 'ko' | 'en') => say(`browserPage.${result}${part}`, language)
  return `<!doctype html>
<html lang="ko">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text('Title', 'ko')} · ${text('Title', 'en')}</title>
<style>${style}</style>
<main>
<h1>${text('Title', 'ko')}</h1>
<p>${text('Body', 'ko')}</p>
<div lang="en">
<h2>${text('Title', 'en')}</h2>
<p>${text('Body', 'en')}</p>
</div>
</main>
</html>
`
}
