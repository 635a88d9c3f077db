/** Serves the renderer with hot reload on real cores in this process: `npm run preview`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createServer } from 'vite'
import { answerMedia } from '../../../src/core/host/media-answer.ts'
import { parseMediaPath } from '../../../src/shared/media-path.ts'
import { createPreviewCores, type PreviewState, previewStates } from './preview-core.ts'

export interface PreviewServer {
  /** Base address of the preview page. */
  url: string
  close(): Promise<void>
}

/** Starts on a port of 127.0.0.1, any free one for 0. Without `watch` the page never reloads by itself. */
export async function startPreview(port: number, watch: boolean): Promise<PreviewServer> {
  const cores = await createPreviewCores()
  const vite = await createServer({
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    server: { port, ...(!watch && { hmr: false, watch: null }) },
    plugins: [
      {
        name: 'preview-core',
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            const url = new URL(request.url ?? '', 'http://preview')
            const state = previewStates.find((known) => known === url.searchParams.get('state')) ?? 'full'
            answer(url.pathname, state, request, response).then(
              (known) => known || next(),
              () => response.destroy(),
            )
          })
        },
      },
    ],
  })

  /** Resolves with false if the request is not for a core. */
  async function answer(path: string, state: PreviewState, request: IncomingMessage, response: ServerResponse) {
    if (path === '/core/request') {
      const { route, input } = JSON.parse(await text(request))
      const { core } = await cores.open(state)
      const envelope = await core.dispatch(route, input)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(envelope))
      return true
    }
    if (path === '/core/events') {
      const { core } = await cores.open(state)
      let sequence = 0
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }).write(': open\n\n')
      const unsubscribe = core.subscribe((event) => {
        sequence += 1
        response.write(`data: ${JSON.stringify({ ...event, sequence })}\n\n`)
      })
      response.once('close', unsubscribe)
      return true
    }
    const ref = parseMediaPath(path)
    if (!ref) return false
    const { media } = await cores.open(state)
    const file = await media.open(ref, new AbortController().signal)
    const found = file && (await answerMedia(file, ref, request.headers.range))
    response.writeHead(found?.status ?? 404, found?.headers)
    if (found?.body) await pipeline(found.body, response)
    else response.end()
    return true
  }

  await vite.listen()
  return {
    url: vite.resolvedUrls?.local[0] as string,
    async close() {
      await vite.close()
      await cores.close()
    },
  }
}

if (import.meta.main) {
  const preview = await startPreview(5_180, true)
  process.stdout.write(`The preview is ready: ${preview.url}?state=full\nStates: ${previewStates.join(', ')}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => preview.close().then(() => process.exit(0)))
  }
}
