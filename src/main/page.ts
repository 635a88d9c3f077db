import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { answerMedia } from '../core/host/media-answer.ts'
import { type PageFile, securityHeaders } from '../core/host/page.ts'
import type { MediaFile } from '../core/media/media.ts'
import type { CoreClient } from '../core/workers/client.ts'
import type { MediaRef } from '../shared/bridge.ts'
import { mediaPath, parseMediaPath } from '../shared/media-path.ts'
import { isPageUrl, pageScheme } from './page-origin.ts'

/** Registers the scheme. Must run before the app is ready. */
export function registerPageScheme(): void {
  // Without `codeCache` every start compiles the whole page again.
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
}

export interface ServedPage {
  /** Aborts the oldest request for a file that is not answered yet. */
  cancel(file: MediaRef): void
}

/**
 * Serves the built page, and its media as soon as the core runs. No request names a file: a path is a key of `page` or names
 * a result. The signal of a request never aborts, so the page cancels what it no longer shows.
 */
export function servePage(page: Map<string, PageFile>, starting: Promise<Pick<CoreClient, 'media'>>): ServedPage {
  const pending = new Map<string, AbortController[]>()

  async function load(ref: MediaRef): Promise<MediaFile | null> {
    const path = mediaPath(ref)
    const abort = new AbortController()
    pending.set(path, [...(pending.get(path) ?? []), abort])
    try {
      return await (await starting).media(ref, abort.signal)
    } finally {
      const others = pending.get(path)?.filter((other) => other !== abort) ?? []
      if (others.length > 0) pending.set(path, others)
      else pending.delete(path)
    }
  }

  protocol.handle(pageScheme, async ({ method, url, headers }) => {
    if (method !== 'GET' || !isPageUrl(url)) return answer(404)
    const path = new URL(url).pathname
    const file = page.get(path)
    if (file) return answer(200, file.body, file.type)
    const ref = parseMediaPath(path)
    const found = ref && (await load(ref))
    const media = found && (await answerMedia(found, ref, headers.get('range')))
    if (!media) return answer(404)
    const body = media.body && (Readable.toWeb(media.body) as ReadableStream)
    return new Response(body, { status: media.status, headers: media.headers })
  })
  return { cancel: (file) => pending.get(mediaPath(file))?.[0]?.abort() }
}

function answer(status: number, body: Uint8Array | null = null, type?: string): Response {
  return new Response(body as Uint8Array<ArrayBuffer> | null, {
    status,
    headers: { ...securityHeaders(), ...(type && { 'content-type': type }) },
  })
}
