import { ipcMain, shell } from 'electron'
import { isAllowedUrl } from '../core/domain/links.ts'
import type { CoreClient } from '../core/workers/client.ts'
import type { Envelope } from '../shared/bridge.ts'
import { isOurPage } from './page-origin.ts'

/** Answers the page's requests through the core, and opens outbound links. */
export function serveRequests(core: Pick<CoreClient, 'request'>): void {
  ipcMain.handle('carat:request', async (event, route: unknown, input: unknown): Promise<Envelope<unknown>> => {
    if (!isOurPage(event) || typeof route !== 'string') return refusal('unknown_route')
    const envelope = await core.request(route, input)
    if (route !== 'links.open' || !envelope.ok) return envelope
    const { url } = envelope.data as { url: string }
    return (await openLink(url)) ? envelope : refusal('link_refused')
  })
}

function refusal(code: 'unknown_route' | 'link_refused'): Envelope<never> {
  return { ok: false, error: { code, params: {} } }
}

/** Opens an address outside the app. Returns false for an address that is not on the allow-list. */
export async function openLink(url: string): Promise<boolean> {
  if (!isAllowedUrl(url)) return false
  await shell.openExternal(url)
  return true
}
