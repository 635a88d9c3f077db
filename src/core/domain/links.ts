const supportAddress = 'mailto:help@carat.im'

/** The only allowed pages of the law portal: the law that Carat's refund rule cites, in English and Korean. */
const lawPages: readonly string[] = [
  'https://elaw.klri.re.kr/eng_mobile/viewer.do?hseq=52489&type=part&key=28',
  'https://www.law.go.kr/%EB%B2%95%EB%A0%B9/%EC%A0%84%EC%9E%90%EC%83%81%EA%B1%B0%EB%9E%98%EB%93%B1%EC%97%90%EC%84%9C%EC%9D%98%EC%86%8C%EB%B9%84%EC%9E%90%EB%B3%B4%ED%98%B8%EC%97%90%EA%B4%80%ED%95%9C%EB%B2%95%EB%A5%A0/%EC%A0%9C17%EC%A1%B0',
]

/**
 * Whether an address may be opened outside the app: https pages of Carat, the cited law, and mail to Carat's support with
 * only a subject and a text.
 */
export function isAllowedUrl(url: string): boolean {
  if (!URL.canParse(url) || /[\s\\]/.test(url)) return false
  if (lawPages.includes(url)) return true
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url)
  if (protocol === 'mailto:') {
    const plain = [...searchParams.keys()].every((name) => name === 'subject' || name === 'body')
    return plain && `mailto:${pathname}` === supportAddress && !url.includes('#')
  }
  const ownHost = hostname === 'carat.im' || hostname.endsWith('.carat.im')
  return protocol === 'https:' && ownHost && port === '' && username === '' && password === ''
}

/** Mail programs on Windows truncate longer addresses. */
const maxMailAddressLength = 1_900

/** A mailto address for support with a subject and as much of the text as every mail program accepts. */
export function supportMail(subject: string, text: string): { url: string; complete: boolean } {
  const address = (body: string) =>
    `${supportAddress}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`
  const whole = address(text)
  if (whole.length <= maxMailAddressLength) return { url: whole, complete: true }
  return { url: `${supportAddress}?subject=${encodeURIComponent(subject)}`, complete: false }
}
