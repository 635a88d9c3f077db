import { app, type Session } from 'electron'
import { isPageUrl } from './page-origin.ts'

/** The only permission the page gets: copying text that the person asked to copy. */
const granted = 'clipboard-sanitized-write'

/** Refuses whatever a page could ask of a session. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(permission === granted && isPageUrl(contents.getURL()))
  })
  session.setPermissionCheckHandler((_, permission, origin) => permission === granted && isPageUrl(origin))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

/** Keeps every page where it is: no foreign address, no second window, no embedded page. Must run before the first window. */
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
