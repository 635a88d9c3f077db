import { spawn } from 'node:child_process'
import metadata from '../../package.json' with { type: 'json' }
import { connectedAddress, parseAddress, parseToken, setConnectedAddress } from '../core/host/connection.ts'
import { openTokens } from '../core/host/key-ring.ts'
import { say } from '../core/host/messages.ts'
import { fixedToken, revoke } from '../core/host/secrets.ts'
import { openSettingsFile } from '../core/host/settings.ts'
import { signInByBrowser, signInLimitMs } from '../core/host/sign-in.ts'
import type { SignIn, TokenStore } from '../core/host/tokens.ts'
import { createService } from '../core/service/client.ts'
import { setProxy } from '../core/service/network.ts'
import type { Account } from '../core/service/schemas.ts'
import { findAccount, saveAccount } from '../core/store/accounts/accounts.ts'
import { refuseLostDatabase } from '../core/store/file/data-folder.ts'
import { AppError } from '../shared/errors.ts'
import type { Revocation } from '../shared/settings.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { complain, print, printJson } from './output.ts'
import { clockOf, hasDatabase, log, openForWriting, type WriteSession } from './session.ts'

/** Longest wait for the account in milliseconds, more than the time-outs of a request. */
const accountLimitMs = 60_000
/** Bytes of standard input: longer than any token. */
const inputLimit = 64 * 1024

/**
 * Signs in at the service of `--api`, by the browser or with a token from standard input, and syncs with it from then on. Until
 * that has worked, nothing is written. Throws as `signInByBrowser`, and `service_connected`.
 */
export async function signIn(args: Arguments, language: Language): Promise<number> {
  const { dataDir } = args
  refuseLostDatabase(dataDir)
  // A new folder is not created before the user has signed in.
  let session = hasDatabase(dataDir) ? await openForWriting(args, language) : null
  try {
    const connected = session && connectedAddress(openSettingsFile(dataDir, metadata.version))
    const given = args.api ?? connected
    if (given === null) throw new AppError('missing_argument', { option: '--api' })
    const api = parseAddress(given)
    if (connected !== null && connected !== api) throw new AppError('service_connected', { address: connected })
    const tokens = await openTokens(dataDir, log)
    setProxy(null)
    const keep = async (kept: SignIn, account: Account) => {
      session ??= await openForWriting(args, language)
      return keepSignIn({ kept, account, tokens, dataDir, session })
    }
    const account = await (args.tokenFromInput ? byToken(api, args, keep) : byBrowser(api, args, language, keep))
    const { id, displayName, signInMethod } = account
    if (args.json) printJson({ account: id, displayName, signInMethod, api, secrets: tokens.storage })
    else {
      print(say('cli.signedIn', language, { name: displayName, api }))
      print(say(`connect.kept.${tokens.storage}`, language))
    }
    if (tokens.isElsewhere()) complain(say('connect.elsewhere', language))
    return 0
  } finally {
    session?.close()
  }
}

type Keep = (kept: SignIn, account: Account) => Promise<void>

async function byToken(api: string, args: Arguments, keep: Keep): Promise<Account> {
  const token = parseToken(await readInput())
  const account = await readAccount(api, token, args)
  const { id, signInMethod } = account
  await keep({ api, token, oauth: null, account: { id, signInMethod } }, account)
  return account
}

function byBrowser(api: string, args: Arguments, language: Language, keep: Keep): Promise<Account> {
  return signInByBrowser({
    api,
    show(address) {
      complain(say('cli.signInAt', language))
      complain(address)
      openInBrowser(address)
    },
    readAccount: (token) => readAccount(api, token, args),
    keep,
    cancel: new AbortController().signal,
    limit: AbortSignal.timeout(signInLimitMs),
  })
}

async function readAccount(api: string, token: string, { fixedNow }: Arguments): Promise<Account> {
  const service = createService({ api, secrets: fixedToken(token), clock: clockOf(fixedNow) })
  return (await service.account(AbortSignal.timeout(accountLimitMs))).account
}

/** Keeps sign-in, account and address, or none of them. A sign-in that was there before is revoked. */
async function keepSignIn(parts: {
  kept: SignIn
  account: Account
  tokens: TokenStore
  dataDir: string
  session: WriteSession
}): Promise<void> {
  const { kept, account, tokens, dataDir, session } = parts
  const file = openSettingsFile(dataDir, metadata.version)
  const connected = connectedAddress(file)
  // Another sign-in may have been first while this one waited for the browser.
  if (connected !== null && connected !== kept.api) throw new AppError('service_connected', { address: connected })
  const before = await tokens.read(kept.api).catch(() => null)
  session.writer.exec('BEGIN IMMEDIATE')
  try {
    saveAccount(session.writer, account, session.now())
    await tokens.keep(kept)
    setConnectedAddress(file, kept.api)
    session.writer.exec('COMMIT')
  } catch (error) {
    session.writer.exec('ROLLBACK')
    await (before ? tokens.keep(before) : tokens.forget()).catch(() => {})
    throw error
  }
  await revoke(before)
}

/** Revokes the sign-in at its service if it can, and forgets it. The records stay. */
export async function signOut(args: Arguments, language: Language, { writer }: WriteSession): Promise<number> {
  if (args.account !== null) {
    const { id, signInMethod } = findAccount(writer, args.account)
    const kept = await keptSignIn(args.dataDir, args.api)
    if (kept?.account?.id !== id || kept.account.signInMethod !== signInMethod) {
      throw new AppError('account_not_signed_in', { id: args.account })
    }
  }
  const { signedOut, revocation } = await endSignIn(args.dataDir, args.api)
  if (args.json) printJson({ signedOut, revocation })
  else print(say(signedOut ? 'cli.signedOut' : 'cli.notSignedIn', language))
  if (revocation === 'failed') complain(say('cli.notRevoked', language))
  return 0
}

/** The sign-in at `given`, by default at the connected service; null if there is none, or it cannot be read. */
export async function keptSignIn(dataDir: string, given: string | null): Promise<SignIn | null> {
  const api = given ?? connectedAddress(openSettingsFile(dataDir, metadata.version))
  return api === null ? null : (await openTokens(dataDir, log)).read(api).catch(() => null)
}

/** Ends the sign-in at `given`, by default at the connected service, and disconnects it. */
export async function endSignIn(
  dataDir: string,
  given: string | null,
): Promise<{ signedOut: boolean; revocation: Revocation }> {
  const file = openSettingsFile(dataDir, metadata.version)
  const connected = connectedAddress(file)
  const api = given ?? connected
  const tokens = await openTokens(dataDir, log)
  const kept = api === null ? null : await tokens.read(api).catch(() => null)
  const isConnected = connected !== null && connected === api
  if (kept === null && !isConnected && !tokens.isElsewhere()) return { signedOut: false, revocation: 'none' }
  // Only the program that keeps it could revoke it.
  const isElsewhere = tokens.isElsewhere()
  await tokens.forget()
  if (isConnected) setConnectedAddress(file, null)
  setProxy(null)
  const revocation = await revoke(kept)
  return { signedOut: true, revocation: isElsewhere ? 'failed' : revocation }
}

async function readInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) {
    text += chunk
    if (text.length > inputLimit) throw new AppError('token_invalid')
  }
  return text
}

/** The address is printed as well, so a machine without a browser is no failure. */
function openInBrowser(address: string): void {
  const { platform, env } = process
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return
  const [program, ...args] =
    platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : [platform === 'darwin' ? 'open' : 'xdg-open']
  const child = spawn(program as string, [...args, address], { stdio: 'ignore', detached: true })
  child.once('error', () => {})
  child.unref()
}
