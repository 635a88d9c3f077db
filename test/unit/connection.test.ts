import { describe, expect, it } from 'vitest'
import { parseAddress, parseToken } from '../../src/core/host/connection.ts'

describe('the address of a service that a user typed', () => {
  it.each([
    ['https://service.test', 'https://service.test'],
    [' service.test/carat/ ', 'https://service.test/carat'],
    ['HTTPS://Service.Test:8443//', 'https://service.test:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/v', 'http://127.0.0.1:3000/v'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('reads %j as %s', (typed, address) => {
    expect(parseAddress(typed)).toBe(address)
  })

  it.each([
    ['', 'address_invalid'],
    ['not an address', 'address_invalid'],
    ['ftp://service.test', 'address_invalid'],
    ['javascript:alert(1)', 'address_invalid'],
    ['https://name:secret@service.test', 'address_invalid'],
    ['https://service.test/?token=1', 'address_invalid'],
    ['http://service.test', 'address_not_secure'],
    ['http://127.0.0.1.service.test', 'address_not_secure'],
  ])('refuses %j as %s', (typed, code) => {
    expect(() => parseAddress(typed)).toThrow(expect.objectContaining({ code }))
  })
})

describe('an access token that a user pasted', () => {
  it.each([' token\n', 'Bearer token', 'bearer  token'])('is read from %j', (typed) => {
    expect(parseToken(typed)).toBe('token')
  })

  it.each(['', ' ', 'two words', 'line\nbreak', '토큰', 'Bearer '])('is refused as %j', (typed) => {
    expect(() => parseToken(typed)).toThrow(expect.objectContaining({ code: 'token_invalid' }))
  })
})
