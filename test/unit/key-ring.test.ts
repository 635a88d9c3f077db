import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KeyRing, openTokens } from '../../src/core/host/key-ring.ts'
import { fileTokens } from '../../src/core/host/tokens.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'

const api = 'https://a.example'
const signIn = (token: string) => ({ api, token, oauth: null, account: null })

let folder: ReturnType<typeof temporaryFolder>
let secrets: Map<string, string>
let isLocked: boolean
beforeEach(() => {
  folder = temporaryFolder()
  secrets = new Map()
  isLocked = false
})
afterEach(() => folder.remove())

async function openRing(): Promise<KeyRing> {
  const whenOpen = async <T>(act: () => T): Promise<T> => {
    if (isLocked) throw new Error('locked')
    return act()
  }
  return {
    read: (name) => whenOpen(() => secrets.get(name) ?? null),
    keep: (name, secret) => whenOpen(() => void secrets.set(name, secret)),
    remove: (name) => whenOpen(() => secrets.delete(name)),
  }
}
const noRing = async () => {
  throw new Error('no key ring')
}
const withRing = () => openTokens(folder.path, quietLog, openRing)
const withoutRing = () => openTokens(folder.path, quietLog, noRing)
const sealed = () => join(folder.path, 'sign-in.sealed')
const plain = () => join(folder.path, 'sign-in.json')

describe('a sign-in with a key ring', () => {
  it('is sealed with a key of the ring, and read only for its own service, until it is forgotten', async () => {
    const tokens = await withRing()
    expect(tokens.storage).toBe('keyStore')
    await tokens.keep(signIn('secret'))
    await tokens.keep(signIn('newer'))
    expect(secrets.size).toBe(1)
    expect(readFileSync(sealed(), 'utf8')).not.toContain(Buffer.from('newer').toString('base64').slice(0, 6))
    if (process.platform !== 'win32') expect(statSync(sealed()).mode & 0o777).toBe(0o600)
    const later = await withRing()
    expect(await later.read(api)).toEqual(signIn('newer'))
    expect(await later.read('https://b.example')).toBeNull()
    await later.forget()
    expect([await later.read(api), existsSync(sealed()), secrets.size]).toEqual([null, false, 0])
  })

  it('takes the place of a file of an earlier version', async () => {
    await fileTokens(folder.path).keep(signIn('secret'))
    const tokens = await withRing()
    expect(await tokens.read(api)).toEqual(signIn('secret'))
    await tokens.keep(signIn('newer'))
    expect(existsSync(plain())).toBe(false)
  })

  it('is named as locked, and kept, while the ring is locked or away', async () => {
    await (await withRing()).keep(signIn('secret'))
    isLocked = true
    const locked = await withRing()
    await expect(locked.read(api)).rejects.toMatchObject({ code: 'key_store_locked' })
    await expect(locked.keep(signIn('newer'))).rejects.toMatchObject({ code: 'key_store_locked' })
    await expect((await withoutRing()).read(api)).rejects.toMatchObject({ code: 'key_store_locked' })
    isLocked = false
    expect(await (await withRing()).read(api)).toEqual(signIn('secret'))
    expect(existsSync(plain())).toBe(false)
  })

  it('is gone if its key is gone or another one, or the file was changed', async () => {
    await (await withRing()).keep(signIn('secret'))
    const [name = ''] = [...secrets.keys()]
    secrets.set(name, Buffer.alloc(32, 1).toString('base64'))
    expect(await (await withRing()).read(api)).toBeNull()
    secrets.clear()
    expect(await (await withRing()).read(api)).toBeNull()
    writeFileSync(sealed(), 'damaged')
    expect(await (await withRing()).read(api)).toBeNull()
  })
})

it('is kept in a file of the user without a key ring', async () => {
  const tokens = await withoutRing()
  expect(tokens.storage).toBe('file')
  await tokens.keep(signIn('secret'))
  expect(await (await withoutRing()).read(api)).toEqual(signIn('secret'))
})
