import { beforeEach, describe, expect, it, vi } from 'vitest'
import { withoutData } from '../../src/main/arguments.ts'
import { AppError } from '../../src/shared/errors.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { offerUsualFolder, showProblem, watchPage } = await import('../../src/main/failures.ts')

const log = { info: vi.fn(), warn: vi.fn() }
const parts = { log, language: () => 'en' as const }
const boxes = () =>
  (fake.dialog.showMessageBox.mock.calls as unknown as [{ message: string; buttons?: string[] }][]).map(([box]) => box)
beforeEach(() => {
  vi.clearAllMocks()
  fake.dialog.showMessageBox.mockResolvedValue({ response: 0 })
})

describe('a page that crashes', () => {
  const open = () => {
    const window = new fake.module.BrowserWindow({}) as InstanceType<typeof fake.module.BrowserWindow>
    watchPage(window as never, parts)
    return window
  }
  const crash = async (window: ReturnType<typeof open>, reason = 'crashed') => {
    window.contents.emit('render-process-gone', {}, { reason, exitCode: 5 })
    await vi.waitFor(() => {})
  }

  it('is loaded again with a message three times, and then asks what to do', async () => {
    const window = open()
    for (let time = 0; time < 3; time++) await crash(window)
    expect(window.contents.reload).toHaveBeenCalledTimes(3)
    const recovered = 'The window stopped working and was loaded again. Your data is safe.'
    expect(boxes().map(({ message }) => message)).toEqual([recovered, recovered, recovered])
    await crash(window)
    expect(boxes().at(-1)).toMatchObject({ buttons: ['Load Again', 'Quit', 'Copy Details'] })
    expect(log.warn).toHaveBeenCalledTimes(4)
  })

  it('asks although an earlier message is still open', async () => {
    fake.dialog.showMessageBox.mockReturnValueOnce(new Promise(() => {}))
    const window = open()
    for (let time = 0; time < 4; time++) await crash(window)
    expect(boxes()).toHaveLength(2)
    expect(boxes().at(-1)).toMatchObject({ buttons: ['Load Again', 'Quit', 'Copy Details'] })
  })

  it('is left alone if it ended as it should', async () => {
    const window = open()
    await crash(window, 'clean-exit')
    expect([window.contents.reload.mock.calls, boxes()]).toEqual([[], []])
  })
})

it('a failed command of a menu is explained, and logged only if it is a defect', async () => {
  await showProblem(new AppError('media_unavailable'), parts)
  expect(boxes().at(-1)?.message).toContain('could not be loaded')
  expect(log.warn).not.toHaveBeenCalled()
  await showProblem(new Error('boom'), parts)
  expect(boxes().at(-1)?.message).toContain('Something went wrong')
  expect(log.warn.mock.calls).toEqual([['command_failed', { error: 'Error: boom' }]])
})

describe('a data folder on a network drive', () => {
  it('is replaced by the usual one if the user agrees', async () => {
    await offerUsualFolder('no', 'en')
    expect(fake.app.relaunch).toHaveBeenCalledOnce()
    fake.dialog.showMessageBox.mockResolvedValueOnce({ response: 1 })
    await offerUsualFolder('no', 'en')
    expect(fake.app.relaunch).toHaveBeenCalledOnce()
  })

  it.each([
    [['--data=//server/share', '--lang=ko'], ['--lang=ko']],
    [
      ['.', '--data', '//server/share', '--lang', 'ko'],
      ['.', '--lang', 'ko'],
    ],
    [['--database'], ['--database']],
  ])('is named by one option: %j', (args, left) => {
    expect(withoutData(args)).toEqual(left)
  })
})
