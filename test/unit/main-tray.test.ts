import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)
const { createTray } = await import('../../src/main/tray.ts')

interface Item {
  label?: string
  enabled?: boolean
  click?: () => void
}

const at = Date.UTC(2026, 0, 28, 6, 5)
const synced = { 'sync.state': { status: 'idle', lastSuccessAt: at } }
const account = { 'account.get': { balance: 1_234, isImported: false } }
const toCheck = (attention: number) => ({ 'refunds.counts': { attention } })

let answers: Record<string, unknown>
const actions = { show: vi.fn(), go: vi.fn(), sync: vi.fn(), pause: vi.fn(), quit: vi.fn() }
const core = async () => ({
  request: async (route: string) =>
    answers[route] === undefined
      ? ({ ok: false, error: { code: 'core_stopped', params: {} } } as const)
      : ({ ok: true, data: answers[route] } as never),
})
const create = (platform: NodeJS.Platform = 'win32') => createTray({ iconPath: '/tray.png', actions, core, platform })
const menu = (): Item[] => fake.trays.at(-1)?.setContextMenu.mock.calls.at(-1)?.[0].template ?? []
const labels = () => menu().map(({ label }) => label)
const click = (label: string) =>
  menu()
    .find((item) => item.label === label)
    ?.click?.()

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  answers = { ...account, ...toCheck(3), ...synced }
})
afterEach(() => vi.useRealTimers())

describe('the tray', () => {
  it('has its commands at once, and the status of the account a second later', async () => {
    create().show('en')
    expect(labels()).toEqual(['Show Carat Companion', 'Sync Now', undefined, 'Quit Carat Companion'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(labels()).toEqual([
      ...['Balance: 1,234 credits', '3 to check', 'Last sync Jan 28, 3:05 PM', undefined],
      ...['Show Carat Companion', 'Sync Now', 'Pause sync', undefined, 'Quit Carat Companion'],
    ])
    click('Balance: 1,234 credits')
    click('3 to check')
    click('Pause sync')
    click('Show Carat Companion')
    click('Sync Now')
    click('Quit Carat Companion')
    expect(actions.go.mock.calls).toEqual([['/credits'], ['/refunds']])
    expect(actions.pause.mock.calls).toEqual([[true]])
    for (const action of [actions.show, actions.sync, actions.quit]) expect(action).toHaveBeenCalledOnce()
  })

  it('follows the account, the sync and the language', async () => {
    const tray = create()
    tray.show('ko')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(labels().slice(0, 3)).toEqual(['남은 크레딧 1,234', '확인할 것 3건', '마지막 동기화 1월 28일 오후 3:05'])
    answers = { ...account, ...toCheck(0), 'sync.state': { status: 'paused', lastSuccessAt: at } }
    tray.refresh()
    tray.refresh()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(labels()).toEqual([
      ...['남은 크레딧 1,234', '동기화 일시 정지됨', undefined],
      ...['Carat Companion 열기', '지금 동기화', '동기화 이어서 하기', undefined, 'Carat Companion 종료'],
    ])
    click('동기화 이어서 하기')
    expect(actions.pause.mock.calls).toEqual([[false]])
    tray.show('en')
    expect(labels()).toContain('Sync paused')
  })

  it('says that a history was imported, and offers no sync to pause', async () => {
    answers = { ...toCheck(0), ...synced, 'account.get': { balance: null, isImported: true } }
    create().show('en')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(labels().slice(0, 4)).toEqual(['Imported history · no sync', undefined, 'Show Carat Companion', 'Sync Now'])
    expect(labels()).not.toContain('Pause sync')
  })

  it('keeps its commands without an account and while the core does not answer', async () => {
    answers = { ...toCheck(0), ...synced }
    create().show('en')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(labels()).toEqual(['Show Carat Companion', 'Sync Now', undefined, 'Quit Carat Companion'])
  })

  it.each([
    ['win32', 1],
    ['darwin', 0],
  ] as const)('leaves a click on the icon to the system on macOS: %s', (platform, times) => {
    const tray = create(platform)
    tray.show('en')
    expect(fake.trays.at(-1)?.on.mock.calls.filter(([name]) => name === 'click')).toHaveLength(times)
    tray.show(null)
    expect(fake.trays.at(-1)?.destroy).toHaveBeenCalledOnce()
  })
})
