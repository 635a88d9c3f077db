/**
 * The stored form of addresses, most of which begin like others and hold the id of their record. A stored address that begins with
 * U+0001 is the number of its beginning in `address_beginnings`, as one character, and the rest with U+0001 in place of the id. Any
 * other is as the service sent it.
 */
import type { Writable } from '../handles.ts'
import { statement } from '../statement.ts'

const mark = '\u0001'
/** Numbers are one byte each. An account whose addresses begin in more ways stores the others whole. */
const mostBeginnings = 127
/** A shorter beginning saves nothing. */
const shortestBeginning = 4

/** SQL of the address that is stored in a column. All arguments are SQL: the column, the account of the record, and its id. */
export const unpackedAddress = (column: string, accountId: string, id: string): string =>
  `iif(substr(${column}, 1, 1) = char(1), replace((SELECT b.beginning FROM address_beginnings b WHERE b.account_id = ${accountId}
     AND b.number = unicode(substr(${column}, 2))) || substr(${column}, 3), char(1), ${id}), ${column})`

/** Browsers and Node.js ignore control characters at the beginning of an address. */
const withoutMarks = (address: string): string => (address.startsWith(mark) ? withoutMarks(address.slice(1)) : address)

/** Gives the stored form of an address of the record with an id. */
export type PackAddress = (address: string | null, id: string) => string | null

/** Returns a function that also adds the beginnings that are new. Use it for one transaction only. */
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
    if (address.includes(mark)) return withoutMarks(address)
    const atId = address.indexOf(id)
    const end = atId < 0 ? address.lastIndexOf('/') + 1 : atId
    const number = end < shortestBeginning ? null : numberOf(address.slice(0, end))
    if (number === null) return address
    return mark + String.fromCharCode(number) + address.slice(end).replaceAll(id, mark)
  }
}
