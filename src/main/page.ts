import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { answerMedia } from '../core/host/media-answer.ts'
import { type PageFile, securityHeaders } from '../core/host/page.ts'
import type { CoreClient } from '../core/workers/client.ts'
import { parseMediaPath } from '../shared/media-path.ts'
import { isPageUrl, pageScheme } from './page-origin.ts'

/** Registers the scheme. Must run before the app is ready. */
export function registerPageScheme(): void {
  // Without `codeCache` every start compiles the whole page again.
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
}

/** Serves the built page, and its media as soon as the core runs. No request names a file: a path is a key of `page` or names a result. */
export function servePage(page: Map<string, PageFile>, starting: Promise<Pick<CoreClient, 'media'>>): void {
  protocol.handle(pageScheme, async ({ method, url, headers, signal }) => {
    if (method !== 'GET' || !isPageUrl(url)) return answer(404)
    const path = new URL(url).pathname
    const file = page.get(path)
    if (file) return answer(200, file.body, file.type)
    const ref = parseMediaPath(path)
    const found = ref && (await (await starting).media(ref, signal))
    const media = found && (await answerMedia(found, ref, headers.get('range')))
    if (!media) return answer(404)
    const body = media.body && (Readable.toWeb(media.body) as ReadableStream)
    return new Response(body, { status: media.status, headers: media.headers })
  })
}

function answer(status: number, body: Uint8Array | null = null, type?: string): Response {
  return new Response(body as Uint8Array<ArrayBuffer> | null, {
    status,
    headers: { ...securityHeaders(), ...(type && { 'content-type': type }) },
  })
}
