/** The scheme of links from other programs into the app. */
export const deepLinkScheme = 'carat-companion'

export const isDeepLink = (argument: string) => argument.startsWith(`${deepLinkScheme}:`)

/** Ids as services send them: no control characters, no spaces, of a bounded length. */
const id = /^[^\s\p{Cc}]{1,200}$/u
const screens = ['overview', 'library', 'credits', 'refunds', 'help', 'settings', 'support']

/**
 * The path of the page for a link: `carat-companion://job/AGENT/ID`, `//case/NAME`, or the name of a screen. Null for every
 * other address: any website can open such a link, so it may show a screen but never do anything.
 */
export function deepLinkPath(address: string): string | null {
  if (!isDeepLink(address) || !URL.canParse(address)) return null
  const { host, pathname, search, hash, username, port } = new URL(address)
  if (search || hash || username || port) return null
  const parts = decoded(pathname.split('/').slice(1))
  if (parts === null || !parts.every((part) => id.test(part))) return null
  const [first, second] = parts.map(encodeURIComponent)
  if (host === 'job' && parts.length === 2 && /^agent-[12]$/.test(first ?? '')) return `/library/${first}/${second}`
  if (host === 'case' && parts.length === 1) return `/refunds/${first}`
  return screens.includes(host) && parts.length === 0 ? `/${host}` : null
}

/** The decoded parts without an empty last one; null if one is not validly encoded. */
function decoded(parts: string[]): string[] | null {
  try {
    return (parts.at(-1) === '' ? parts.slice(0, -1) : parts).map(decodeURIComponent)
  } catch {
    return null
  }
}
