const supportAddress = 'mailto:help@carat.im'

/**
 * Whether an address may be opened outside the app: Carat's own https pages, and its one support address, which may
 * carry a subject and a text but nothing else.
 */
export function isAllowedUrl(url: string): boolean {
  if (!URL.canParse(url) || /[\s\\]/.test(url)) return false
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url)
  if (protocol === 'mailto:') {
    const plain = [...searchParams.keys()].every((name) => name === 'subject' || name === 'body')
    return plain && `mailto:${pathname}` === supportAddress && !url.includes('#')
  }
  const ownHost = hostname === 'carat.im' || hostname.endsWith('.carat.im')
  return protocol === 'https:' && ownHost && port === '' && username === '' && password === ''
}

/** Mail programs on Windows cut an address that is longer than this. */
const longestMailAddress = 1_900

/** The support address with a subject and as much of the text as every mail program takes. */
export function supportMail(subject: string, text: string): { url: string; complete: boolean } {
  const address = (body: string) =>
    `${supportAddress}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`
  const whole = address(text)
  if (whole.length <= longestMailAddress) return { url: whole, complete: true }
  return { url: `${supportAddress}?subject=${encodeURIComponent(subject)}`, complete: false }
}
