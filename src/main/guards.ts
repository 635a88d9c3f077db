import { app, type Session } from 'electron'
import { isPageUrl } from './page-origin.ts'

/** The only permissions of the page: copying text when the user asks for it, and a film in full screen. */
const granted = ['clipboard-sanitized-write', 'fullscreen']

/** Refuses every permission that a page could request from a session. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(granted.includes(permission) && isPageUrl(contents.getURL()))
  })
  session.setPermissionCheckHandler((_, permission, origin) => granted.includes(permission) && isPageUrl(origin))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

/** Blocks navigation to foreign addresses, new windows and embedded pages. Must run before the first window opens. */
export function guardNavigation(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-frame-navigate', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-navigate', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}
