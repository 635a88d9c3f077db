import { Menu, type MenuItemConstructorOptions, Tray } from 'electron'
import { label } from '../core/host/messages.ts'
import type { CoreClient } from '../core/workers/client.ts'
import type { Language } from '../shared/values.ts'
import type { AccountView, CaseCounts, SyncState } from '../shared/views.ts'
import { atMostOncePerSecond } from './throttle.ts'

export interface TrayActions {
  show(): void
  /** Shows a screen of the page. */
  go(path: string): void
  sync(): void
  /** Pauses the sync of the account, or resumes it. */
  pause(paused: boolean): void
  quit(): void
}

export interface TrayParts {
  iconPath: string
  actions: TrayActions
  /** Null if the core did not start. */
  core(): Promise<Pick<CoreClient, 'request'> | null>
  platform?: NodeJS.Platform
}

export interface AppTray {
  /** Shows the icon with its menu in a language; null removes the icon. */
  show(language: Language | null): void
  /** Call after records or the state of the sync changed. */
  refresh(): void
}

/** The lines of the menu about the account. */
interface Status {
  account: AccountView
  /** Cases that ask for attention. */
  toCheck: number
  sync: SyncState
}

/** Creates the icon in the notification area of Windows or the menu bar of macOS; it appears with `show`. */
export function createTray({ iconPath, actions, core, platform = process.platform }: TrayParts): AppTray {
  let tray: Tray | null = null
  let language: Language = 'en'
  let status: Status | null = null

  function draw(): void {
    tray?.setToolTip(label('app.name', language))
    tray?.setContextMenu(Menu.buildFromTemplate(trayMenu(language, status, actions)))
  }

  const refresh = atMostOncePerSecond(async () => {
    if (tray === null) return
    status = await readStatus(await core())
    draw()
  })

  return {
    show(wanted) {
      if (wanted === null) {
        tray?.destroy()
        tray = null
        return
      }
      language = wanted
      if (tray === null) {
        tray = new Tray(iconPath)
        // On macOS a click opens the menu, and the event comes before it.
        if (platform !== 'darwin') tray.on('click', actions.show)
        refresh()
      }
      draw()
    },
    refresh,
  }
}

/** Null without an account, and while the core does not answer. */
async function readStatus(core: Pick<CoreClient, 'request'> | null): Promise<Status | null> {
  if (!core) return null
  const [account, counts, sync] = await Promise.all([
    core.request('account.get', {}),
    core.request('refunds.counts', {}),
    core.request('sync.state', {}),
  ])
  if (!account.ok || account.data === null || !counts.ok || !sync.ok) return null
  return {
    account: account.data as AccountView,
    toCheck: (counts.data as CaseCounts).attention,
    sync: sync.data as SyncState,
  }
}

function trayMenu(language: Language, status: Status | null, actions: TrayActions): MenuItemConstructorOptions[] {
  const separator = { type: 'separator' } as const
  const isPaused = status?.sync.status === 'paused'
  const pause = {
    label: label(isPaused ? 'sync.resume' : 'sync.pause', language),
    click: () => actions.pause(!isPaused),
  }
  return [
    ...(status ? [...statusItems(language, status, actions), separator] : []),
    { label: label('menu.show', language), click: actions.show },
    { label: label('menu.syncNow', language), click: actions.sync },
    ...(status && !status.account.isImported ? [pause] : []),
    separator,
    { label: label('menu.quit', language), click: actions.quit },
  ]
}

function statusItems(language: Language, { account, toCheck, sync }: Status, { go }: TrayActions) {
  const { balance, isImported } = account
  const items: MenuItemConstructorOptions[] = []
  if (balance !== null) {
    items.push({ label: label('tray.balance', language, { count: balance }), click: () => go('/credits') })
  }
  if (toCheck > 0) {
    items.push({ label: label('nav.toCheck', language, { count: toCheck }), click: () => go('/refunds') })
  }
  return [...items, { label: isImported ? label('sync.imported', language) : syncText(language, sync), enabled: false }]
}

function syncText(language: Language, { status, lastSuccessAt }: SyncState): string {
  if (status === 'paused') return label('sync.paused', language)
  return lastSuccessAt === null ? label('sync.never', language) : label('tray.synced', language, { at: lastSuccessAt })
}
