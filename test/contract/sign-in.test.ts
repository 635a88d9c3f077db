/** Signing in and out with the routes of a host and with the command line, and where the tokens end up. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTokens } from '../../src/core/host/key-ring.ts'
import type { HostCore } from '../../src/core/workers/launch.ts'
import type { SignInFaults } from '../../src/sandbox/authorization.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { RouteInput, RouteName } from '../../src/shared/routes.ts'
import { type Finished, runCli } from '../support/cli.ts'
import { runCliHere } from '../support/cli-here.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'
import { answerOf, launchIn } from '../support/launched-core.ts'
import { accountOf, answerConsent } from '../support/sign-in.ts'

const sandboxFolder = temporaryFolder()
const faults: SignInFaults = {}
let sandbox: Sandbox
let folder: ReturnType<typeof temporaryFolder>
let dataDir: string
/** Every line that the host logged. */
let logged: string[]

beforeAll(async () => {
  sandbox = await startSandbox({ dir: sandboxFolder.path, fixedNow: Date.parse('2026-03-18T05:20:00Z'), faults })
})
afterAll(async () => {
  await sandbox.close()
  sandboxFolder.remove()
})
beforeEach(() => {
  for (const name of Object.keys(faults) as (keyof SignInFaults)[]) delete faults[name]
  folder = temporaryFolder()
  dataDir = folder.path
  logged = []
})
afterEach(async () => {
  // A key ring is not part of the folder.
  await (await openTokens(dataDir, quietLog)).forget()
  folder.remove()
})

/** The files of a folder that hold one of the texts. */
function filesWith(texts: readonly string[]): string[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => texts.some((text) => readFileSync(path).includes(text)))
    .map((path) => path.slice(dataDir.length + 1))
}

/** The tokens that are kept just now. */
async function keptTokens(): Promise<string[]> {
  const kept = await (await openTokens(dataDir, quietLog)).read(sandbox.url)
  return [kept?.token, kept?.oauth?.refreshToken].filter((token) => typeof token === 'string')
}

describe('a host', () => {
  let core: HostCore
  const log = {
    info: (...line: unknown[]) => void logged.push(JSON.stringify(line)),
    warn: (...line: unknown[]) => void logged.push(JSON.stringify(line)),
  }
  /** What the user does with the address that the host opens. */
  let browse: (address: string) => unknown = answerConsent
  const launch = async (args: string[] = []) => {
    core = await launchIn(dataDir, args, { log, openAddress: async (address) => void browse(address) })
  }
  const ask = <R extends RouteName>(route: R, input: RouteInput<R>) => answerOf(core, route, input)
  const signIn = () => ask('service.signIn', { address: sandbox.url })
  const until = (status: string) =>
    vi.waitFor(async () => expect((await ask('sync.state', {})).status).toBe(status), 10_000)

  beforeEach(() => {
    browse = answerConsent
  })
  afterEach(() => core.close())

  it('signs in, syncs, says that the sign-in has ended, signs in again, and signs out', async () => {
    await launch(['--api', sandbox.url])
    await until('signed_out')
    expect(await ask('service.check', { address: sandbox.url })).toEqual({ offersSignIn: true })
    const events = vi.fn()
    core.subscribe(events)
    browse = async (address) => {
      expect(await ask('service.get', {})).toMatchObject({ signInAddress: address })
      await answerConsent(address)
    }
    expect(await signIn()).toMatchObject({ api: sandbox.url, kept: 'browser', signInAddress: null })
    expect(events).toHaveBeenCalledWith(expect.objectContaining({ type: 'service' }))
    await until('idle')
    const tokens = await keptTokens()
    const { items } = await ask('jobs.list', { limit: 5 })
    expect(items).toHaveLength(5)

    sandbox.authorization.revokeAll()
    await ask('sync.now', {})
    await until('signed_out')
    expect(events).toHaveBeenCalledWith(
      expect.objectContaining({ type: 'notification', notification: expect.objectContaining({ kind: 'sign_in' }) }),
    )
    expect((await ask('jobs.list', { limit: 5 })).items).toEqual(items)
    await core.close()
    await launch(['--api', sandbox.url])
    await until('signed_out')
    browse = answerConsent
    await signIn()
    await until('idle')

    tokens.push(...(await keptTokens()))
    expect(new Set(tokens).size).toBe(4)
    const facts = JSON.stringify(await ask('app.diagnostics', {}))
    expect(await ask('service.disconnect', {})).toMatchObject({ api: sandbox.url, kept: null, revocation: 'done' })
    await until('signed_out')
    expect((await ask('jobs.list', { limit: 5 })).items).toEqual(items)
    await expect(accountOf(sandbox.url, tokens[2] as string)).rejects.toMatchObject({ code: 'unauthorized' })
    expect(filesWith(tokens)).toEqual([])
    expect(tokens.filter((token) => [facts, ...logged].some((text) => text.includes(token)))).toEqual([])
  })

  it('goes on as before if the user cancels, and says if the service could not be told of a sign-out', async () => {
    await launch()
    browse = () => ask('service.cancelSignIn', {})
    await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_canceled' })
    expect(await ask('service.get', {})).toMatchObject({ api: null, kept: null, signInAddress: null })
    browse = answerConsent
    await signIn()
    faults.noRevocation = true
    expect(await ask('service.disconnect', {})).toMatchObject({ revocation: 'failed' })
    expect(await keptTokens()).toEqual([])
  })

  it('ends a sign-in for which a newer one in another window took the place, and keeps only the newer', async () => {
    await launch()
    const others: Promise<unknown>[] = []
    for (const newer of [signIn, () => ask('service.connect', { address: sandbox.url, token: sandbox.token })]) {
      // The first window waits for its browser while the second one signs in.
      browse = () => {
        browse = answerConsent
        others.push(newer())
      }
      await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_replaced' })
      expect(await others.at(-1)).toMatchObject({ api: sandbox.url, signInAddress: null })
    }
    expect(await keptTokens()).toEqual([sandbox.token])
    await until('idle')
  })

  it('ends a sign-in that waits once the user signs out', async () => {
    await launch()
    await signIn()
    let signedOut: Promise<unknown> | undefined
    browse = () => {
      signedOut = ask('service.disconnect', {})
    }
    await expect(signIn()).rejects.toMatchObject({ code: 'sign_in_canceled' })
    await signedOut
    expect(await keptTokens()).toEqual([])
  })

  it('has the folder to itself: the command line does not even open a browser', async () => {
    await launch()
    const beside = await runCli(['sign-in', '--api', sandbox.url, '--data', dataDir])
    expect(beside).toMatchObject({ code: 1, out: '', err: expect.stringContaining(dataDir) })
    expect(beside.err).not.toContain('http')
  })
})

describe('the command line', () => {
  const run = (args: string[]) => runCliHere([...args, '--data', dataDir], { CARAT_TOKEN: '' })
  const runWith = (input: string, args: string[]) => runCli([...args, '--data', dataDir], { CARAT_TOKEN: '' }, input)

  /** Runs `sign-in` and answers its consent page. */
  function signIn(decision: 'allow' | 'deny' = 'allow'): Promise<Finished> {
    return signInAt(sandbox.url, (address) => answerConsent(address, decision))
  }

  function signInAt(api: string, browse: (address: string) => unknown): Promise<Finished> {
    const args = ['src/cli/index.ts', 'sign-in', '--api', api, '--data', dataDir]
    const env = { ...process.env, LC_ALL: 'en_US.UTF-8', CARAT_TOKEN: '', DISPLAY: '', WAYLAND_DISPLAY: '' }
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, { env }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      )
      const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream })
      lines.on('line', (line) => void (line.startsWith('http') && browse(line)))
    })
  }

  it('signs in with the browser, syncs from then on, and leaves the tokens in their file alone', async () => {
    const signedIn = await signIn()
    expect(signedIn).toMatchObject({ code: 0, out: expect.stringContaining('Signed in as') })
    const tokens = await keptTokens()
    const synced = await run(['sync'])
    sandbox.authorization.expireAccess()
    const renewed = await run(['sync', '--api', sandbox.url])
    tokens.push(...(await keptTokens()))
    expect(new Set(tokens).size).toBe(4)
    const exported = await run(['export', '--format', 'json', '--out', join(dataDir, 'out.json')])
    const backedUp = await run(['backup', '--out', join(dataDir, 'backup.db')])
    sandbox.authorization.revokeAll()
    const ended = await run(['sync'])
    expect([synced, renewed, exported, backedUp, ended].map(({ code }) => code)).toEqual([0, 0, 0, 0, 1])
    expect(ended.err).toContain('has ended the sign-in. Your records are safe')
    const accounts = await run(['accounts', '--json'])
    expect(JSON.parse(accounts.out)).toMatchObject([{ signedIn: false, secrets: null }])
    expect(await run(['jobs', '--json', '--limit', '1'])).toMatchObject({ code: 0, err: '' })

    const printed = [signedIn, synced, renewed, exported, backedUp, ended, accounts].flatMap(({ out, err }) => [
      out,
      err,
    ])
    expect(tokens.filter((token) => printed.some((text) => text.includes(token)))).toEqual([])
    expect(filesWith(tokens)).toEqual([])
    expect(existsSync(join(dataDir, 'out.json'))).toBe(true)
  })

  it('lets the first of two sign-ins at once win if they are at different services', async () => {
    const otherFolder = temporaryFolder()
    const other = await startSandbox({ dir: otherFolder.path, fixedNow: Date.parse('2026-03-18T05:20:00Z') })
    const addresses = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const
    const runs = [sandbox, other].map(({ url }, index) => signInAt(url, addresses[index]?.resolve as () => void))
    const [mine, theirs] = await Promise.all(addresses.map(({ promise }) => promise))
    await answerConsent(theirs as string)
    expect(await runs[1]).toMatchObject({ code: 0 })
    await answerConsent(mine as string)
    expect(await runs[0]).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(`already uses the service at ${other.url}`),
    })
    expect(await (await openTokens(dataDir, quietLog)).read(other.url)).toMatchObject({ api: other.url })
    expect(await run(['sync'])).toMatchObject({ code: 0, err: '' })
    await other.close()
    otherFolder.remove()
  })

  it('says that the user declined, and keeps nothing', async () => {
    expect(await signIn('deny')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('You declined') })
    expect(await keptTokens()).toEqual([])
    expect(readdirSync(dataDir)).toEqual([])
  })

  it('keeps nothing if one part of the sign-in cannot be kept', async () => {
    // The settings, which hold the address, cannot be written.
    mkdirSync(join(dataDir, 'settings.json'))
    expect(await signIn()).toMatchObject({ code: 1, out: '' })
    expect(await keptTokens()).toEqual([])
    expect(readdirSync(dataDir)).toEqual(['settings.json'])
  })

  it('revokes the sign-in that a new one replaces', async () => {
    await signIn()
    const [first] = await keptTokens()
    expect(await accountOf(sandbox.url, first as string)).toBeDefined()
    await signIn()
    await expect(accountOf(sandbox.url, first as string)).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('syncs and signs out of the account of --account only if it is signed in', async () => {
    await runWith('일시,내용,크레딧\n2026-01-28 14:21,이미지,-33\n', ['import', '-', '--yes'])
    await signIn()
    for (const account of ['my-history', 'unknown']) {
      for (const command of ['sync', 'sign-out']) {
        expect(await run([command, '--account', account])).toMatchObject({ code: 1, out: '' })
      }
    }
    expect((await run(['sync', '--account', 'my-history', '--lang', 'en'])).err).toContain('is not signed in to')
    expect(await run(['sync', '--account', 'acct_sample'])).toMatchObject({ code: 0, err: '' })
    expect(await run(['sign-out', '--account', 'acct_sample'])).toMatchObject({ code: 0, err: '' })
    expect(await keptTokens()).toEqual([])
    expect(await run(['sync', '--account', 'acct_sample'])).toMatchObject({ code: 1, out: '' })
  })

  it.each([
    ['sign-out', ['sign-out']],
    ['a token that the service refuses', ['sign-in', '--token-stdin', '--api', 'SANDBOX']],
    ['an import of nothing', ['import', '-', '--yes']],
    ['a deletion', ['delete', '--all', '--yes']],
    ['an archive that is not there', ['import', 'missing.zip', '--yes']],
  ])('leaves no file in a new folder after %s', async (_, args) => {
    await runWith(
      'wrong',
      args.map((arg) => (arg === 'SANDBOX' ? sandbox.url : arg)),
    )
    expect(readdirSync(dataDir)).toEqual([])
  })

  it('says that another program has a sign-in here that it cannot read, and removes it on signing out', async () => {
    await runWith(sandbox.token, ['sign-in', '--api', sandbox.url, '--token-stdin'])
    await (await openTokens(dataDir, quietLog)).forget()
    writeFileSync(join(dataDir, 'sign-in.bin'), 'sealed by Electron')
    const synced = await run(['sync', '--lang', 'en'])
    expect(synced).toMatchObject({ code: 1, err: expect.stringContaining('is signed in at') })
    const again = await runWith(sandbox.token, ['sign-in', '--api', sandbox.url, '--token-stdin'])
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('Another program that uses this data folder') })
    expect(await run(['sync'])).toMatchObject({ code: 0 })
    expect(JSON.parse((await run(['sign-out', '--json'])).out)).toEqual({ signedOut: true, revocation: 'failed' })
    expect(filesWith(['sealed by Electron'])).toEqual([])
  })

  it('signs in with a token from standard input, and out again', async () => {
    const by = (token: string) => runWith(token, ['sign-in', '--api', sandbox.url, '--token-stdin', '--json'])
    expect(await by('wrong')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('did not accept') })
    expect(await by('two words')).toMatchObject({ code: 1, err: expect.stringContaining('An access token has only') })
    const signedIn = await by(`Bearer ${sandbox.token}\n`)
    const { storage } = await openTokens(dataDir, quietLog)
    expect(JSON.parse(signedIn.out)).toMatchObject({ account: 'acct_sample', api: sandbox.url, secrets: storage })
    const accounts = await run(['accounts', '--json'])
    expect(JSON.parse(accounts.out)).toMatchObject([{ id: 'acct_sample', signedIn: true, secrets: storage }])
    expect(filesWith([sandbox.token])).toEqual(storage === 'file' ? ['sign-in.json'] : [])
    // What Electron keeps in the same folder is removed too.
    writeFileSync(join(dataDir, 'sign-in.bin'), 'sealed by Electron')
    const signedOut = await run(['sign-out', '--json'])
    // Only Electron could revoke its own.
    expect(JSON.parse(signedOut.out)).toEqual({ signedOut: true, revocation: 'failed' })
    expect(filesWith([sandbox.token, 'sealed by Electron'])).toEqual([])
    expect(JSON.parse((await run(['sign-out', '--json'])).out)).toMatchObject({ signedOut: false })
  })
})
