import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseProxy } from '../../src/core/service/network.ts'
import { authority, secureService, testProxy } from '../support/company-network.ts'
import { temporaryFolder } from '../support/core.ts'

let service: Awaited<ReturnType<typeof secureService>>
let folder: ReturnType<typeof temporaryFolder>
let authorityFile: string
beforeAll(async () => {
  service = await secureService((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"id":"me"}')
  })
  folder = temporaryFolder()
  authorityFile = join(folder.path, 'authority.pem')
  writeFileSync(authorityFile, authority)
})
afterAll(() => {
  service.close()
  folder.remove()
})

/** The answer of a process of its own, because trust and proxy apply to all of a process. */
async function request(api: string, env: Record<string, string> = {}, proxy = ''): Promise<unknown> {
  const script = join(import.meta.dirname, 'request-child.ts')
  const nothing = { HTTPS_PROXY: '', https_proxy: '', HTTP_PROXY: '', http_proxy: '', NO_PROXY: '', no_proxy: '' }
  const child = spawn(process.execPath, [script, api, proxy], {
    env: { ...process.env, ...nothing, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout))
}
const here = () => `https://127.0.0.1:${service.port}`
const host = () => `127.0.0.1:${service.port}`

describe('a certificate of a company', () => {
  it('is named as the cause if nothing trusts it', async () => {
    expect(await request(here())).toEqual({
      code: 'certificate_untrusted',
      params: { host: host(), proxy: '', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    })
  })

  it.skipIf(process.platform !== 'linux')('is trusted if the system trusts its authority', async () => {
    // On Linux the system's certificates are those of this file.
    expect(await request(here(), { SSL_CERT_FILE: authorityFile })).toEqual({ body: { id: 'me' } })
  })

  it('is trusted if NODE_EXTRA_CA_CERTS names its authority', async () => {
    expect(await request(here(), { NODE_EXTRA_CA_CERTS: authorityFile })).toEqual({ body: { id: 'me' } })
  })
})

describe('a proxy', () => {
  it('is used if the host names it, or the environment does', async () => {
    const proxy = await testProxy(service)
    const env = { NODE_EXTRA_CA_CERTS: authorityFile }
    expect(await request('https://service.test', env, proxy.address)).toEqual({ body: { id: 'me' } })
    expect(await request('https://service.test', { ...env, HTTPS_PROXY: proxy.address })).toEqual({
      body: { id: 'me' },
    })
    expect(await request(here(), env, proxy.address)).toEqual({ body: { id: 'me' } })
    expect(proxy.asked).toEqual(['service.test:443', 'service.test:443'])
    proxy.close()
  })

  it('is named as the cause if it refuses', async () => {
    const proxy = await testProxy({ status: 407 })
    expect(await request('https://service.test', {}, proxy.address)).toMatchObject({
      code: 'proxy_failed',
      params: { host: 'service.test', proxy: new URL(proxy.address).host },
    })
    proxy.close()
  })

  it.each([
    ['DIRECT', null],
    ['PROXY proxy.corp:8080; DIRECT', 'http://proxy.corp:8080'],
    ['HTTPS proxy.corp:443', 'https://proxy.corp:443'],
    ['SOCKS5 a:1080; PROXY b:3128', 'http://b:3128'],
    ['SOCKS5 a:1080; DIRECT', null],
    ['', null],
    ['PROXY', null],
  ])('is read from the answer %j of the system', (answer, expected) => {
    expect(parseProxy(answer)).toBe(expected)
  })
})
