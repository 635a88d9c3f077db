/** The page's own scheme. Unlike file:// it has an origin, and our handler decides which files exist. */
export const pageScheme = 'app'
export const pageUrl = 'app://carat/'

/** Whether an address belongs to our page. Compares each component: a prefix would admit `app://carat.evil`. */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return protocol === `${pageScheme}:` && host === 'carat' && username === '' && password === ''
}

/** The facts of an IPC event about its sender. */
export interface IpcSender {
  senderFrame: { url: string; parent: unknown } | null
}

/** Only the top frame of our page may call; a frame that was closed may not. */
export function isOurPage({ senderFrame }: IpcSender): boolean {
  return senderFrame !== null && senderFrame.parent === null && isPageUrl(senderFrame.url)
}
