import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { offerApplicationsFolder } = await import('../../src/main/applications-folder.ts')

const log = { info: vi.fn(), warn: vi.fn() }
const stored = new Map<string, unknown>()
const offer = () => offerApplicationsFolder(stored as never, 'en', log)
const { platform } = process
beforeEach(() => {
  vi.clearAllMocks()
  stored.clear()
  Object.defineProperty(process, 'platform', { value: 'darwin' })
  fake.app.isPackaged = true
  fake.app.isInApplicationsFolder = () => false
})
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform })
  fake.app.isPackaged = false
})

it('moves the app to the Applications folder if the user agrees, and asks once', async () => {
  await offer()
  expect(fake.app.moveToApplicationsFolder).toHaveBeenCalledOnce()
  await offer()
  expect(fake.dialog.showMessageBox).toHaveBeenCalledOnce()
})

it('leaves the app in its place if the user declines, and logs a failed move', async () => {
  fake.dialog.showMessageBox.mockResolvedValueOnce({ response: 1 })
  await offer()
  expect(fake.app.moveToApplicationsFolder).not.toHaveBeenCalled()
  stored.clear()
  fake.app.moveToApplicationsFolder.mockImplementationOnce(() => {
    throw new Error('no')
  })
  await offer()
  expect(log.warn.mock.calls).toEqual([['not_moved', { error: 'Error: no' }]])
})

it('does not ask in a checkout, in the Applications folder, or on another system', async () => {
  fake.app.isPackaged = false
  await offer()
  fake.app.isPackaged = true
  fake.app.isInApplicationsFolder = () => true
  await offer()
  fake.app.isInApplicationsFolder = () => false
  Object.defineProperty(process, 'platform', { value: 'win32' })
  await offer()
  expect(fake.dialog.showMessageBox).not.toHaveBeenCalled()
})
