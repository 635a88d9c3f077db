import { app, session, shell } from 'electron'
import type { StartOptions } from '../core/host/start-options.ts'
import type { TokenStore } from '../core/host/tokens.ts'
import type { Log } from '../core/ports.ts'
import { type HostCore, type LaunchParts, launchCore } from '../core/workers/launch.ts'
import { systemProxy } from './proxy.ts'
import { openTokens } from './tokens.ts'

type OwnParts = 'tokens' | 'openAddress' | 'proxyFor' | 'startAnew'

/** Launches the core with what Electron knows of the system: its key store, browser and proxy. Rejects as `launchCore` does. */
export async function launchInElectron(parts: Omit<LaunchParts, OwnParts>): Promise<HostCore> {
  const { options, log } = parts
  const tokens = await openTokens(options.dataDir, log)
  await keepToken(options, tokens, log)
  return launchCore({
    ...parts,
    tokens,
    openAddress: (address) => shell.openExternal(address),
    proxyFor: (address) => systemProxy(session.defaultSession, address),
    // Chromium's own files and the lock of a single instance are in the copy.
    startAnew: async () => {
      app.relaunch()
      app.quit()
    },
  })
}

/** Keeps the token of the environment in the key store, unless a sign-in is there: that token cannot be renewed. */
async function keepToken({ api, token }: StartOptions, tokens: TokenStore, log: Log): Promise<void> {
  if (api === null || token === null || tokens.storage !== 'keyStore') return
  const kept = await tokens.read(api).catch(() => null)
  if (kept?.oauth) return
  const signIn = { api, token, oauth: null, account: null }
  await tokens.keep(signIn).catch((error) => log.warn('token_not_kept', { error: String(error) }))
}
