const supportAddress = 'mailto:help@carat.im'

/** Whether an address may be opened outside the app: Carat's own https pages, and its one support address. */
export function isAllowedUrl(url: string): boolean {
  if (url === supportAddress) return true
  if (!URL.canParse(url)) return false
  const { protocol, hostname, port, username, password } = new URL(url)
  const ownHost = hostname === 'carat.im' || hostname.endsWith('.carat.im')
  return protocol === 'https:' && ownHost && port === '' && username === '' && password === ''
}
