import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notification } from '../../src/shared/notifications.ts'
import { defaultNotifications, type Settings } from '../../src/shared/settings.ts'
import type { OriginalsState, SyncState } from '../../src/shared/views.ts'
import { memorySettings } from '../support/core.ts'
import { makeSyncState } from '../support/records.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { createNotifier } = await import('../../src/main/notifications.ts')
const { createBadge } = await import('../../src/main/badge.ts')
const { createProgressBar, progressOf } = await import('../../src/main/progress.ts')
const { setQuickMenus } = await import('../../src/main/quick-menus.ts')

let settings: Settings
beforeEach(() => {
  vi.clearAllMocks()
  vi.useFakeTimers()
  fake.notifications.length = 0
  settings = { ...memorySettings().get(), language: 'en' }
})
afterEach(() => {
  vi.useRealTimers()
})

describe('notifications of the system', () => {
  const show = vi.fn()
  let isInFront = false
  const log = { info: vi.fn(), warn: vi.fn() }
  const accounts = [
    { id: 'a', isShown: true },
    { id: 'b', isShown: false },
  ]
  const request = vi.fn(async (route: string, _: unknown) => ({
    ok: true as const,
    data: route === 'accounts.list' ? accounts : null,
  }))
  const create = () => {
    const core = async () => ({ request })
    const notify = createNotifier({ log, settings: () => settings, isInFront: () => isInFront, core, show })
    return (notification: Notification) => notify({ type: 'notification', notification, sequence: 1 })
  }
  const refund = (name: string, account: Notification['account'] = null): Notification => ({
    kind: 'refunded',
    account,
    cases: [name],
    credits: 30,
    text: null,
    at: null,
  })
  const shown = () => fake.notifications.map(({ options }) => [options.title, options.body])
  beforeEach(() => {
    isInFront = false
  })

  it('are shown with a click that opens the case', () => {
    create()(refund('charge:a'))
    expect(shown()).toEqual([['A refund arrived', '30 credits']])
    fake.notifications[0]?.events.emit('click')
    expect(show.mock.calls).toEqual([['/refunds/charge%3Aa']])
  })

  it('open the case in its account, which is then shown', async () => {
    const notify = create()
    for (const id of ['a', 'b']) notify(refund('charge:a', { id, displayName: 'Mina', signInMethod: 'google' }))
    expect(shown()).toEqual([
      ['A refund arrived', 'Mina · Google sign-in\n30 credits'],
      ['A refund arrived', 'Mina · Google sign-in\n30 credits'],
    ])
    for (const { events } of fake.notifications) events.emit('click')
    await vi.waitFor(() =>
      expect(show.mock.calls.flat().sort()).toEqual(['/refunds/charge%3Aa?account=a', '/refunds/charge%3Aa?account=b']),
    )
    expect(request.mock.calls.filter(([route]) => route === 'accounts.show')).toEqual([['accounts.show', { id: 'b' }]])
  })

  it('are not shown if the kind is off, or while the user looks at the window', () => {
    const notify = create()
    settings = { ...settings, notifications: { ...defaultNotifications, muted: ['refunded'] } }
    notify(refund('charge:a'))
    settings = { ...settings, notifications: defaultNotifications }
    isInFront = true
    notify(refund('charge:a'))
    expect(shown()).toEqual([])
  })

  it('of quiet hours are shown when these end, as one', () => {
    vi.setSystemTime(new Date(2026, 2, 18, 23, 0))
    settings = { ...settings, notifications: { ...defaultNotifications, quietHours: { from: 22, until: 8 } } }
    const notify = create()
    notify(refund('charge:a'))
    notify(refund('charge:b'))
    vi.advanceTimersByTime(9 * 3_600_000 - 1)
    expect(shown()).toEqual([])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([['2 refunds arrived', '60 credits']])
  })

  it('of quiet hours are kept apart by account', () => {
    vi.setSystemTime(new Date(2026, 2, 18, 23, 0))
    settings = { ...settings, notifications: { ...defaultNotifications, quietHours: { from: 22, until: 8 } } }
    const notify = create()
    for (const id of ['a', 'b']) notify(refund('charge:a', { id, displayName: id, signInMethod: 'kakao' }))
    vi.advanceTimersByTime(9 * 3_600_000)
    expect(shown()).toEqual([
      ['A refund arrived', 'a · Kakao sign-in\n30 credits'],
      ['A refund arrived', 'b · Kakao sign-in\n30 credits'],
    ])
  })

  it('that the system refuses are logged', () => {
    create()(refund('charge:a'))
    fake.notifications[0]?.events.emit('failed', {}, 'not signed')
    expect(log.warn.mock.calls).toEqual([['notification_failed', { error: 'not signed' }]])
  })
})

describe('the progress on the icon', () => {
  const stream = (listed: number, total: number | null, lastSuccessAt: number | null = null) => ({
    ...makeSyncState().streams[0],
    stream: 'credits' as const,
    records: listed,
    listed,
    total,
    lastSuccessAt,
  })
  const sync = (...streams: object[]) =>
    makeSyncState({ status: 'running', lastSuccessAt: null, streams: streams as SyncState['streams'] })
  const originals = (given: Partial<OriginalsState>): OriginalsState => ({
    status: 'working',
    error: null,
    retryAt: null,
    keepsNew: false,
    waiting: { originals: 0, bytes: 0 },
    kept: { originals: 0, bytes: 0 },
    failed: 0,
    running: [],
    ...given,
  })

  it('is the share of the first sync, without an end while a total is unknown', () => {
    expect(progressOf(sync(stream(20, 100), stream(50, null, 1)), null)).toEqual({ share: 70 / 150, mode: 'normal' })
    expect(progressOf(sync(stream(20, 100), stream(0, null)), null)).toEqual({ share: 2, mode: 'indeterminate' })
    expect(progressOf(makeSyncState({ status: 'running', lastSuccessAt: 1 }), null)).toBe(null)
  })

  it('is the share of the originals, and red while the queue waits after a failure', () => {
    const counts = { waiting: { originals: 3, bytes: null }, kept: { originals: 1, bytes: 5 } }
    expect(progressOf(null, originals(counts))).toEqual({ share: 0.25, mode: 'normal' })
    expect(progressOf(null, originals({ ...counts, status: 'held' }))).toEqual({ share: 0.25, mode: 'error' })
    expect(progressOf(null, originals({ ...counts, status: 'paused' }))).toBe(null)
  })

  it('keeps the machine awake until the work ends', () => {
    const setProgressBar = vi.fn()
    const hear = createProgressBar(() => [{ setProgressBar } as unknown as Electron.BrowserWindow])
    hear({ sequence: 1, type: 'sync', state: sync(stream(20, 100)) })
    hear({ sequence: 2, type: 'sync', state: sync(stream(20, 100)) })
    hear({ sequence: 3, type: 'sync', state: makeSyncState({ status: 'idle', lastSuccessAt: 1 }) })
    expect(setProgressBar.mock.calls).toEqual([
      [0.2, { mode: 'normal' }],
      [-1, { mode: 'none' }],
    ])
    expect(fake.powerSaveBlocker.start.mock.calls).toEqual([['prevent-app-suspension']])
    expect(fake.powerSaveBlocker.stop.mock.calls).toEqual([[7]])
  })
})

describe('the number on the icon', () => {
  const request = vi.fn(async () => ({ ok: true as const, data: { attention: 3 } }))
  const setOverlayIcon = vi.fn()
  const create = (platform: NodeJS.Platform) =>
    createBadge({
      core: async () => ({ request }),
      settings: () => settings,
      windows: () => [{ setOverlayIcon } as unknown as Electron.BrowserWindow],
      overlayIcon: '/badge.png',
      platform,
    })

  it('is how many cases ask for attention, counted once for many changes', async () => {
    const show = create('darwin')
    show()
    show()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(fake.app.setBadgeCount.mock.calls).toEqual([[3]])
    settings = { ...settings, showsBadge: false }
    show()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(fake.app.setBadgeCount).toHaveBeenLastCalledWith(0)
    expect(request).toHaveBeenCalledOnce()
  })

  it('is a mark with a description on Windows', async () => {
    const show = create('win32')
    show()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(setOverlayIcon.mock.calls).toEqual([[expect.objectContaining({ path: '/badge.png' }), '3 to check']])
  })
})

describe('the commands of the icon', () => {
  const actions = { go: vi.fn(), sync: vi.fn() }
  afterEach(() => {
    fake.app.dock = undefined
    fake.app.isPackaged = false
  })

  it('are in the menu of the Dock on macOS', () => {
    const setMenu = vi.fn()
    fake.app.dock = { setMenu }
    setQuickMenus('ko', actions, 'darwin')
    const items = setMenu.mock.calls[0]?.[0].template as { label: string; click(): void }[]
    expect(items.map(({ label }) => label)).toEqual(['지금 동기화', '라이브러리', '크레딧', '환불'])
    items[3]?.click()
    expect(actions.go.mock.calls).toEqual([['/refunds']])
  })

  it('are links to screens in the jump list of Windows, of an installed app only', () => {
    setQuickMenus('en', actions, 'win32')
    expect(fake.app.setUserTasks).not.toHaveBeenCalled()
    fake.app.isPackaged = true
    setQuickMenus('en', actions, 'win32')
    const [tasks] = fake.app.setUserTasks.mock.calls[0] as [Electron.Task[]]
    expect(tasks.map(({ title, arguments: link }) => [title, link])).toEqual([
      ['Library', 'carat-companion://library'],
      ['Credits', 'carat-companion://credits'],
      ['Refunds', 'carat-companion://refunds'],
    ])
  })
})
