import { describe, expect, it } from 'vitest'
import links from '../../resources/links.json' with { type: 'json' }
import { isAllowedUrl, supportMail } from '../../src/core/domain/links.ts'

describe('an address that may be opened outside the app', () => {
  it('may be any address of the link table', () => {
    const addresses = Object.values(links).flatMap((byLanguage) => Object.values(byLanguage))
    expect(addresses.filter((address) => !isAllowedUrl(address))).toEqual([])
  })

  it.each(['https://carat.im/chat/1?tab=v2#last', 'https://www.carat.im', 'mailto:help@carat.im?subject=a&body=b'])(
    'may be %s',
    (address) => {
      expect(isAllowedUrl(address)).toBe(true)
    },
  )

  it.each([
    'http://carat.im',
    'https://carat.im.example.com',
    'https://evil-carat.im',
    'https://user@carat.im',
    'https://carat.im:8443',
    'https://carat.im\\@example.com',
    'https://carat.im/ x',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'mailto:other@carat.im',
    'mailto:help@carat.im?cc=other@example.com',
    'mailto:help@carat.im?attach=/etc/passwd',
    // Of the law sites, only two pages are allowed.
    'https://www.law.go.kr/',
    `${links.law17.ko}/..`,
    `${links.law17.en}&next=https://example.com`,
    'https://elaw.klri.re.kr/eng_mobile/viewer.do',
    '',
  ])('may not be %s', (address) => {
    expect(isAllowedUrl(address)).toBe(false)
  })
})

describe('the mail to support', () => {
  it('carries a short text whole, and only the subject of a long text', () => {
    expect(supportMail('a & b', 'line\nline')).toEqual({
      url: 'mailto:help@carat.im?subject=a%20%26%20b&body=line%0D%0Aline',
      complete: true,
    })
    const long = supportMail('credits', '크'.repeat(500))
    expect(long).toEqual({ url: 'mailto:help@carat.im?subject=credits', complete: false })
    expect(isAllowedUrl(long.url)).toBe(true)
  })
})
