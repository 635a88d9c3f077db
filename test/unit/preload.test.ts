import { expect, it, vi } from 'vitest'
import type { Bridge } from '../../src/shared/bridge.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

await import('../../src/preload/index.ts')
const [[name, bridge] = []] = fake.contextBridge.exposeInMainWorld.mock.calls as [string, Bridge][]

it('exposes the bridge, plain functions and nothing else', () => {
  expect(fake.contextBridge.exposeInMainWorld).toHaveBeenCalledOnce()
  expect(name).toBe('caratBridge')
  expect(Object.entries(bridge ?? {}).map(([key, value]) => [key, typeof value])).toEqual([
    ['host', 'string'],
    ['request', 'function'],
    ['subscribe', 'function'],
    ['mediaUrl', 'function'],
  ])
})

it('sends requests on one channel only', async () => {
  fake.ipcRenderer.invoke.mockResolvedValueOnce({ ok: true, data: 1 })
  expect(await bridge?.request('app.info', {})).toEqual({ ok: true, data: 1 })
  expect(fake.ipcRenderer.invoke.mock.calls).toEqual([['carat:request', 'app.info', {}]])
})

it('passes events without the IPC event until unsubscribed', () => {
  const listener = vi.fn()
  const stop = bridge?.subscribe(listener)
  fake.ipcRenderer.emit('carat:event', { sender: 'the IPC event' }, { sequence: 1 })
  expect(stop?.()).toBeUndefined()
  fake.ipcRenderer.emit('carat:event', {}, { sequence: 2 })
  expect(listener.mock.calls).toEqual([[{ sequence: 1 }]])
})

it('names media by ids', () => {
  const media = { agent: 'agent-1', jobId: '../..', resultId: 'a b', size: 'thumbnail' } as const
  expect(bridge?.mediaUrl(media)).toBe('/media/agent-1/..%2F../a%20b/thumbnail')
})
