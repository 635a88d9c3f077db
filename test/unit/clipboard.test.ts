import { afterEach, expect, it, vi } from 'vitest'
import { copyText } from '../../src/renderer/data/clipboard.ts'

afterEach(() => vi.unstubAllGlobals())

const withClipboard = (writeText: (text: string) => Promise<void>) =>
  vi.stubGlobal('navigator', { clipboard: { writeText } })

it('copies a text and says so', async () => {
  const written: string[] = []
  withClipboard(async (text) => void written.push(text))
  expect(await copyText('a prompt')).toBe(true)
  expect(written).toEqual(['a prompt'])
})

it('says that a text was not copied if the browser refuses, instead of failing', async () => {
  withClipboard(() => Promise.reject(new DOMException('not allowed', 'NotAllowedError')))
  expect(await copyText('a prompt')).toBe(false)
})
