import { protocol } from 'electron'
import { type PageFile, securityHeaders } from '../core/page.ts'
import type { CoreClient } from '../core/workers/client.ts'
import { parseMediaPath } from '../shared/media-path.ts'
import { isPageUrl, pageScheme } from './page-origin.ts'

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
}

/** Serves the built page and its media. No request reaches the file system: a path is a key of `page` or names a result. */
export function servePage(page: Map<string, PageFile>, core: Pick<CoreClient, 'media'>): void {
  protocol.handle(pageScheme, async ({ method, url }) => {
    if (method !== 'GET' || !isPageUrl(url)) return answer(404)
    const path = new URL(url).pathname
    const file = page.get(path)
    if (file) return answer(200, file.body, file.type)
    const ref = parseMediaPath(path)
    const media = ref && (await core.media(ref))
    return media ? answer(200, media.bytes, media.mimeType) : answer(404)
  })
}

function answer(status: number, body: Uint8Array | null = null, type?: string): Response {
  return new Response(body as Uint8Array<ArrayBuffer> | null, {
    status,
    headers: { ...securityHeaders(), ...(type && { 'content-type': type }) },
  })
}
