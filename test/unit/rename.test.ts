import { rename } from 'node:fs/promises'
import { beforeEach, expect, it, vi } from 'vitest'
import { renamePatiently } from '../../src/core/store/file/rename.ts'

vi.mock('node:fs/promises', () => ({ rename: vi.fn() }))
const refused = (code: string) => Object.assign(new Error(code), { code })
beforeEach(() => {
  vi.mocked(rename).mockReset()
})

it('tries again while another program holds the file', async () => {
  for (const code of ['EPERM', 'EPERM', 'EBUSY']) vi.mocked(rename).mockRejectedValueOnce(refused(code))
  await renamePatiently('a.part', 'a')
  expect(vi.mocked(rename).mock.calls).toEqual(Array.from({ length: 4 }, () => ['a.part', 'a']))
})

it('gives up after two seconds with the error of the system', async () => {
  vi.mocked(rename).mockImplementation(() => Promise.reject(refused('EPERM')))
  const startedAt = performance.now()
  await expect(renamePatiently('a.part', 'a')).rejects.toThrow('EPERM')
  expect(performance.now() - startedAt).toBeLessThan(4_000)
  expect(vi.mocked(rename).mock.calls.length).toBeGreaterThan(4)
})

it('does not try again if another reason refuses', async () => {
  vi.mocked(rename).mockImplementation(() => Promise.reject(refused('ENOSPC')))
  await expect(renamePatiently('a.part', 'a')).rejects.toThrow('ENOSPC')
  expect(rename).toHaveBeenCalledOnce()
})
