import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../src/core/store/store.ts'
import { type OwnArguments, ownArguments } from '../../src/main/arguments.ts'
import type { CoreEvent } from '../../src/shared/events.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { createReader, createWriter } from '../support/workers.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)
// The real module loads Electron without the fake, and adds only Electron's folder to Conf.
vi.mock('electron-store', async () => {
  const { default: Conf } = await import('conf')
  class Store extends Conf<Record<string, unknown>> {
    constructor({ name, ...options }: { name: string }) {
      super({ ...options, configName: name })
    }
  }
  return { default: Store }
})

const { runApp } = await import('../../src/main/app.ts')
const { createLog } = await import('../../src/main/log-file.ts')

let folder: ReturnType<typeof temporaryFolder>
let service: FakeService
beforeEach(async () => {
  vi.clearAllMocks()
  fake.windows.length = 0
  fake.notifications.length = 0
  fake.app.removeAllListeners()
  fake.powerMonitor.removeAllListeners()
  folder = temporaryFolder()
  service = await createFakeService()
  vi.stubEnv('CARAT_TOKEN', service.token)
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await service.close()
  folder.remove()
})

const run = (...options: string[]) => start({ options })
const start = ({
  options,
  ignored = [],
  path = null,
  isSelfTest = false,
  isHidden = false,
}: Partial<OwnArguments> & { options: string[] }) =>
  runApp(
    { options, ignored, path, isSelfTest, isHidden },
    {
      createWriter,
      createReader,
      createSandbox: () => {
        throw new Error('not with --api')
      },
      pageDir: join(import.meta.dirname, '../../src/renderer/bridge'),
      preload: '/preload.cjs',
      trayIcon: '/tray.png',
      badgeIcon: '/badge.png',
      version: '1.2.3',
      log: createLog(),
      onLanguage,
    },
  )
const onLanguage = vi.fn()
const request = (route: string, input: unknown) =>
  fake.handlers.get('carat:request')?.({ senderFrame: { url: 'app://carat/', parent: null } }, route, input)
/** Quits as an impatient user does. Each attempt is prevented, and the process ends once, after the core has closed. */
const quit = async (dataDir: string) => {
  const preventDefault = vi.fn()
  fake.app.exit.mockImplementationOnce(() => openStore(dataDir).close())
  fake.app.emit('will-quit', { preventDefault })
  fake.app.emit('will-quit', { preventDefault })
  await vi.waitFor(() => expect(fake.app.exit).toHaveBeenCalled(), 30_000)
  expect(preventDefault).toHaveBeenCalledTimes(2)
  expect(fake.app.exit, 'the data folder is free by then').toHaveReturned()
}

describe('the Electron host', () => {
  it('starts the core, shows its page, passes on requests and events, and closes', async () => {
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url, '--lang', 'ko')
    expect(fake.app.enableSandbox).toHaveBeenCalledOnce()
    const [window] = fake.windows
    expect(window?.loadURL.mock.calls).toEqual([['app://carat/']])
    expect(await request('app.info', {})).toMatchObject({
      ok: true,
      data: { version: '1.2.3', dataDir, sandbox: false },
    })

    const sent = () => (window?.webContents.send.mock.calls ?? []) as [string, CoreEvent][]
    await request('sync.now', {})
    await vi.waitFor(() => expect(sent().some(([, event]) => event.type === 'sync')).toBe(true), 20_000)
    await request('settings.set', { theme: 'dark', language: 'en' })
    expect(sent().at(-1)).toMatchObject(['carat:event', { type: 'settings', settings: { theme: 'dark' } }])
    expect(fake.nativeTheme.themeSource).toBe('dark')
    const labels = fake.menu.setApplicationMenu.mock.calls.map(([menu]) => menu.template.at(-1).label)
    expect(labels).toEqual(['도움말', 'Help'])
    expect(onLanguage).toHaveBeenLastCalledWith('en')

    window?.restore.mockClear()
    if (window) window.minimized = true
    fake.app.emit('second-instance')
    expect([window?.restore.mock.calls.length, window?.focus.mock.calls.length]).toEqual([1, 1])
    expect(fake.windows).toHaveLength(1)
    await quit(dataDir)
    expect(fake.app.exit.mock.calls).toEqual([[]])
  })

  it('notifies of a reminder that became due while the app was closed', async () => {
    service.addTransaction({ id: 'lost', feature: 'video' })
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url, '--lang', 'ko')
    const saved = () =>
      request('support.save', { cases: ['charge:lost'], subject: '크레딧 차감 문의', text: '안녕하세요' })
    await vi.waitFor(async () => expect(await saved()).toMatchObject({ ok: true }), 20_000)
    await request('support.update', { id: 1, remindAt: 1 })
    await quit(dataDir)
    // What follows is another process.
    fake.app.removeAllListeners()
    fake.app.exit.mockClear()
    fake.notifications.length = 0
    await run('--data', dataDir, '--api', service.url, '--lang', 'ko')
    await vi.waitFor(() => expect(fake.notifications).toHaveLength(1), 20_000)
    await quit(dataDir)
  })

  it('opens its window before the core runs, and waits for the core if it is asked to quit meanwhile', async () => {
    const dataDir = join(folder.path, 'data')
    const running = start({ options: ['--data', dataDir, '--api', service.url], path: '/refunds' })
    await vi.waitFor(() => expect(fake.windows).toHaveLength(1))
    expect(fake.windows[0]?.loadURL.mock.calls).toEqual([['app://carat/#/refunds']])
    expect(existsSync(join(dataDir, 'carat.db'))).toBe(false)
    await quit(dataDir)
    await running
  })

  it('shows the screen that a second start or a link asks for', async () => {
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url)
    fake.app.emit('second-instance', {}, [], '/', { path: '/library/agent-1/a' })
    fake.app.emit('open-url', {}, 'carat-companion://case/job%3Aagent-1%3Aa')
    fake.app.emit('open-url', {}, 'carat-companion://open?file=/etc/passwd')
    expect(fake.windows[0]?.loadURL.mock.calls).toEqual([
      ['app://carat/'],
      ['app://carat/#/library/agent-1/a'],
      ['app://carat/#/refunds/job%3Aagent-1%3Aa'],
    ])
    await quit(dataDir)
  })

  it('has a tray icon only if it runs in the background, and starts hidden in it at login', async () => {
    const dataDir = join(folder.path, 'data')
    const isMac = process.platform === 'darwin'
    const trays = () => fake.trays.length
    const before = trays()
    await start({ options: ['--data', dataDir, '--api', service.url], isHidden: true })
    expect(trays() - before).toBe(isMac ? 1 : 0)
    fake.windows[0]?.events.emit('ready-to-show')
    expect(fake.windows[0]?.show.mock.calls.length).toBe(isMac ? 0 : 1)
    await request('settings.set', { runsInBackground: true })
    expect(trays() - before).toBe(1)
    await quit(dataDir)

    fake.app.removeAllListeners()
    fake.app.exit.mockClear()
    fake.windows.length = 0
    await start({ options: ['--data', dataDir, '--api', service.url], isHidden: true })
    fake.windows[0]?.events.emit('ready-to-show')
    expect(fake.windows[0]?.show).not.toHaveBeenCalled()
    await quit(dataDir)
  })

  it('logs the arguments that it ignores', async () => {
    const dataDir = join(folder.path, 'data')
    await start({ options: ['--data', dataDir, '--api', service.url], ignored: ['-Embedding', '--updated'] })
    const log = readFileSync(join(dataDir, 'logs/main.log'), 'utf8')
    expect(JSON.parse(log.split('\n')[0] ?? '')).toMatchObject({
      event: 'arguments_ignored',
      arguments: '-Embedding --updated',
    })
    await quit(dataDir)
  })

  it('shows a notification for a due reminder in the current language, and the window on a click', async () => {
    service.addTransaction({ id: 'lost', feature: 'video' })
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url, '--lang', 'ko')
    const saved = () =>
      request('support.save', { cases: ['charge:lost'], subject: '크레딧 차감 문의', text: '안녕하세요' })
    await vi.waitFor(async () => expect(await saved()).toMatchObject({ ok: true }), 20_000)
    expect(fake.notifications).toHaveLength(0)
    await request('settings.set', { language: 'en' })
    await request('support.update', { id: 1, remindAt: 1 })
    await vi.waitFor(() => expect(fake.notifications).toHaveLength(1), 20_000)
    const [notification] = fake.notifications
    expect(notification?.options).toMatchObject({ title: 'Answer from support', body: '' })
    fake.windows[0]?.focus.mockClear()
    notification?.events.emit('click')
    expect(fake.windows[0]?.focus).toHaveBeenCalledOnce()
    await quit(dataDir)
  })

  it('exports to the path of the save dialog, and to no file if the user cancels it', async () => {
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url, '--lang', 'ko')
    expect(await request('export.write', { format: 'xlsx' })).toEqual({ ok: true, data: null })
    const path = join(folder.path, '내 파일.xlsx')
    fake.dialog.showSaveDialog.mockResolvedValueOnce({ canceled: false, filePath: path })
    expect(await request('export.write', { format: 'xlsx' })).toMatchObject({
      ok: true,
      data: { path, download: null },
    })
    expect(readFileSync(path).subarray(0, 2).toString()).toBe('PK')
    const [window, options] = fake.dialog.showSaveDialog.mock.calls.at(-1) ?? []
    expect(window).toBe(fake.windows[0])
    expect(options).toEqual({
      defaultPath: expect.stringMatching(/^.downloads.Carat 전체 기록 \d{4}-\d\d-\d\d\.xlsx$/),
      filters: [{ name: 'Excel', extensions: ['xlsx'] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    const refused = { canceled: false, filePath: join(folder.path, 'no folder', 'x.csv') }
    fake.dialog.showSaveDialog.mockResolvedValueOnce(refused)
    expect(await request('export.write', { format: 'csv' })).toMatchObject({ error: { code: 'cannot_write_file' } })
    await quit(dataDir)
  })

  it('starts again on its own folder once that can be written to', async () => {
    const dataDir = join(folder.path, 'data')
    openStore(dataDir).close()
    writeFileSync(join(dataDir, 'backups'), 'in the way')
    await run('--data', dataDir, '--api', service.url)
    expect(await request('app.retryFolder', {})).toMatchObject({ ok: false, error: { code: 'folder_in_the_way' } })
    expect(fake.app.relaunch).not.toHaveBeenCalled()
    rmSync(join(dataDir, 'backups'))
    expect(await request('app.retryFolder', {})).toMatchObject({ ok: true })
    expect(fake.app.relaunch).toHaveBeenCalledOnce()
    expect(fake.app.quit).toHaveBeenCalledOnce()
    await quit(dataDir)
  })

  it('asks the system for the proxy of the service, and again after sleep', async () => {
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url)
    fake.powerMonitor.emit('resume')
    await vi.waitFor(() => expect(fake.defaultSession.resolveProxy.mock.calls).toEqual([[service.url], [service.url]]))
    await quit(dataDir)
  })

  it('writes below the data folder only', async () => {
    const dataDir = join(folder.path, 'data')
    await run('--data', dataDir, '--api', service.url)
    const chosen = fake.app.setPath.mock.calls
    expect(chosen.map(([name]) => name)).toEqual(['userData', 'sessionData', 'crashDumps'])
    for (const [, path] of chosen) expect(path.startsWith(dataDir)).toBe(true)
    expect(fake.app.setAppLogsPath.mock.calls).toEqual([[join(dataDir, 'logs')]])
    const [locked = 0] = fake.app.requestSingleInstanceLock.mock.invocationCallOrder
    expect(Math.max(...fake.app.setPath.mock.invocationCallOrder)).toBeLessThan(locked)
    expect(readdirSync(folder.path)).toEqual(['data'])
    await quit(dataDir)
  })

  it('ends if another instance has the data folder', async () => {
    fake.app.requestSingleInstanceLock.mockReturnValueOnce(false)
    await run('--data', folder.path, '--api', service.url)
    expect(fake.app.exit).toHaveBeenCalledOnce()
    expect(fake.windows).toEqual([])
  })

  it.each([
    [['--nope'], 'There is no option “--nope”. See the README for the list of options.'],
    [['--lang', 'ko', '--nope'], '‘--nope’ 옵션은 없어요. 쓸 수 있는 옵션은 README에 있어요.'],
  ])('shows an error for the arguments %j and ends', async (args, message) => {
    await run(...args)
    expect(fake.dialog.showErrorBox.mock.calls).toEqual([['Carat Companion', message]])
    expect(fake.app.exit.mock.calls).toEqual([[1]])
    expect(fake.windows).toEqual([])
  })

  it('shows an error and ends if the data folder contains a file of another program', async () => {
    const database = join(folder.path, 'carat.db')
    writeFileSync(database, 'something else entirely, and of some length')
    await run('--data', folder.path, '--api', service.url)
    expect(fake.dialog.showErrorBox.mock.calls[0]?.[1]).toBe(
      `${database} is not a file of Carat Companion, so it was left untouched. Choose another data folder.`,
    )
    expect(fake.app.exit.mock.calls).toEqual([[1]])
  })
})

describe('the arguments of the app', () => {
  it.each([
    [
      ['/app/carat', '--lang', 'ko'],
      true,
      { options: ['--lang=ko'], ignored: [], path: null, isSelfTest: false, isHidden: false },
    ],
    [
      ['/electron', '.', '--lang', 'ko'],
      false,
      { options: ['--lang', 'ko'], ignored: [], path: null, isSelfTest: false, isHidden: false },
    ],
    [
      ['/electron', '--inspect=0', '--no-sandbox', '/project', '--data', '/d'],
      false,
      { options: ['--data', '/d'], ignored: [], path: null, isSelfTest: false, isHidden: false },
    ],
    [['/electron', '/project'], false, { options: [], ignored: [], path: null, isSelfTest: false, isHidden: false }],
    [
      ['/electron', '/project', '--nope'],
      false,
      { options: ['--nope'], ignored: [], path: null, isSelfTest: false, isHidden: false },
    ],
    [
      ['/app/carat', '-Embedding', '--updated', '--data=/d', '--force-run', '--disable-gpu', 'a file'],
      true,
      {
        options: ['--data=/d'],
        ignored: ['-Embedding', '--updated', '--force-run', '--disable-gpu', 'a file'],
        path: null,
        isSelfTest: false,
        isHidden: false,
      },
    ],
    [
      ['/app/carat', '--allow-file-access', 'carat-companion://refunds'],
      true,
      { options: [], ignored: ['--allow-file-access'], path: '/refunds', isSelfTest: false, isHidden: false },
    ],
    [['/app/carat', '--hidden'], true, { options: [], ignored: [], path: null, isSelfTest: false, isHidden: true }],
    [['/app/carat', '--self-test'], true, { options: [], ignored: [], path: null, isSelfTest: true, isHidden: false }],
    [
      ['/app/carat', 'carat-companion://evil'],
      true,
      { options: [], ignored: [], path: null, isSelfTest: false, isHidden: false },
    ],
  ])('are those after the arguments of Electron: %j', (argv, isPackaged, own) => {
    expect(ownArguments(argv, isPackaged)).toEqual(own)
  })
})
