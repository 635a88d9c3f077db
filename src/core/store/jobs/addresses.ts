/**
 * Packs addresses, most of which share their beginning with others and contain the id of their record. A packed address is
 * U+0001, the number of its beginning in `address_beginnings` as one character, and the rest with U+0001 for each id. All other
 * addresses are stored as the service sent them.
 */
import type { Writable } from '../handles.ts'
import { statement } from '../statement.ts'

const marker = '\u0001'
/** Numbers take one byte each. Addresses with further beginnings are stored whole. */
const mostBeginnings = 127
/** In UTF-16 units; a shorter beginning saves nothing. */
const shortestBeginning = 4

/** SQL that unpacks an address. All arguments are SQL: the column, the account of the record, and its id. */
export const unpackedAddress = (column: string, accountId: string, id: string): string =>
  `iif(substr(${column}, 1, 1) = char(1), replace((SELECT b.beginning FROM address_beginnings b WHERE b.account_id = ${accountId}
     AND b.number = unicode(substr(${column}, 2))) || substr(${column}, 3), char(1), ${id}), ${column})`

/** Without leading markers, which browsers and Node.js ignore anyway, so that the address is not taken for a packed one. */
const withoutMarkers = (address: string): string =>
  address.startsWith(marker) ? withoutMarkers(address.slice(1)) : address

/** Packs an address of the record with this id, if that is possible. */
export type PackAddress = (address: string | null, id: string) => string | null

/** Returns a function that packs addresses and stores new beginnings. Use it for one transaction only. */
export function addressPacker(database: Writable, accountId: number): PackAddress {
  const known = statement<[number], { number: number; beginning: string }>(
    database,
    'SELECT number, beginning FROM address_beginnings WHERE account_id = ?',
  ).all(accountId)
  const numbers = new Map(known.map(({ number, beginning }) => [beginning, number]))
  const add = statement<[object]>(
    database,
    'INSERT INTO address_beginnings (account_id, number, beginning) VALUES (@accountId, @number, @beginning)',
  )

  function numberOf(beginning: string): number | null {
    const found = numbers.get(beginning)
    if (found !== undefined) return found
    if (numbers.size >= mostBeginnings) return null
    const number = numbers.size + 1
    add.run({ accountId, number, beginning })
    numbers.set(beginning, number)
    return number
  }

  return (address, id) => {
    if (address === null) return null
    if (address.includes(marker)) return withoutMarkers(address)
    const atId = address.indexOf(id)
    const end = atId < 0 ? address.lastIndexOf('/') + 1 : atId
    const number = end < shortestBeginning ? null : numberOf(address.slice(0, end))
    if (number === null) return address
    return marker + String.fromCharCode(number) + address.slice(end).replaceAll(id, marker)
  }
}
