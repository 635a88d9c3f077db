import { ipcMain, shell } from 'electron'
import { isAllowedUrl } from '../core/domain/links.ts'
import type { CoreClient } from '../core/workers/client.ts'
import type { Envelope } from '../shared/bridge.ts'
import type { ErrorCode, ErrorParams } from '../shared/errors.ts'
import { isOurPage } from './page-origin.ts'

/** Answers the page's requests as soon as the core runs, and opens outbound links. */
export function serveRequests(starting: Promise<Pick<CoreClient, 'request'>>): void {
  // electron-store answers any sender with the path of the user's data.
  ipcMain.removeAllListeners('electron-store-get-data')
  ipcMain.handle('carat:request', async (event, route: unknown, input: unknown): Promise<Envelope<unknown>> => {
    if (!isOurPage(event) || typeof route !== 'string') return refusal('unknown_route')
    const core = await starting
    const envelope = await core.request(route, input)
    if (route !== 'links.open' || !envelope.ok) return envelope
    const { url } = envelope.data as { url: string }
    const failure = await openLink(url)
    if (failure === 'no_program') return refusal(failure, { address: url.replace(/^mailto:|\?.*$/g, '') })
    return failure ? refusal(failure) : envelope
  })
}

function refusal(code: ErrorCode, params: ErrorParams = {}): Envelope<never> {
  return { ok: false, error: { code, params } }
}

/**
 * Opens an address outside the app. Returns why it could not: the address is not on the allow-list, or the system has no
 * program for it.
 */
export async function openLink(url: string): Promise<'link_refused' | 'no_program' | null> {
  if (!isAllowedUrl(url)) return 'link_refused'
  return shell.openExternal(url).then(
    () => null,
    () => 'no_program',
  )
}
