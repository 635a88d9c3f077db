/** Reads CBOR (RFC 8949) as far as content credentials use it. Its input may be hostile. */

const deepest = 32
const mostItems = 100_000
/** The additional information that stands for "until the break". */
const untilBreak = 31
const isBreak = Symbol('break')

/**
 * Reads the first item of some bytes. Maps become objects without a prototype, with whole numbers as keys in decimal; tags are
 * dropped; numbers with a fraction and simple values other than booleans become null. Throws a RangeError if the bytes are damaged,
 * nested more than 32 deep, or have more than 100,000 items.
 */
export function readCbor(bytes: Buffer): unknown {
  let at = 0
  let items = 0

  function take(length: number): Buffer {
    if (length > bytes.length - at) throw new RangeError('CBOR ends early')
    at += length
    return bytes.subarray(at - length, at)
  }

  /** The number that follows the first byte of an item, or is part of it. */
  function argument(info: number): number {
    if (info < 24) return info
    if (info > 27) throw new RangeError('CBOR has a reserved length')
    const size = 2 ** (info - 24)
    const number = take(size)
    return size === 8 ? Number(number.readBigUInt64BE()) : number.readUIntBE(0, size)
  }

  function text(major: number, info: number, depth: number): Buffer {
    if (info !== untilBreak) return take(argument(info))
    const parts: Buffer[] = []
    for (let part = item(depth + 1); part !== isBreak; part = item(depth + 1)) {
      if (major === 2 ? !Buffer.isBuffer(part) : typeof part !== 'string') throw new RangeError('CBOR mixes strings')
      parts.push(Buffer.from(part as Buffer))
    }
    return Buffer.concat(parts)
  }

  /** `add` reads the next element, and returns false at the break. */
  function each(info: number, add: () => boolean): void {
    if (info === untilBreak) {
      while (add());
      return
    }
    for (let left = argument(info); left > 0; left--) {
      if (!add()) throw new RangeError('CBOR has a break too many')
    }
  }

  function list(info: number, depth: number): unknown[] {
    const found: unknown[] = []
    each(info, () => {
      const value = item(depth + 1)
      if (value !== isBreak) found.push(value)
      return value !== isBreak
    })
    return found
  }

  function map(info: number, depth: number): Record<string, unknown> {
    const found: Record<string, unknown> = Object.create(null)
    each(info, () => {
      const key = item(depth + 1)
      if (key === isBreak) return false
      if (typeof key !== 'string' && typeof key !== 'number') throw new RangeError('CBOR has an unknown key')
      const value = item(depth + 1)
      if (value === isBreak) throw new RangeError('CBOR has a key without a value')
      found[key] = value
      return true
    })
    return found
  }

  function item(depth: number): unknown {
    if (depth > deepest || ++items > mostItems) throw new RangeError('CBOR is nested too deep or too long')
    const first = take(1)[0] as number
    const info = first & 31
    const major = first >> 5
    if (major === 0) return argument(info)
    if (major === 1) return -1 - argument(info)
    if (major === 2) return text(major, info, depth)
    if (major === 3) return text(major, info, depth).toString()
    if (major === 4) return list(info, depth)
    if (major === 5) return map(info, depth)
    if (major === 7) return simple(info)
    argument(info)
    const tagged = item(depth + 1)
    if (tagged === isBreak) throw new RangeError('CBOR has a tag without a value')
    return tagged
  }

  function simple(info: number): unknown {
    if (info === untilBreak) return isBreak
    argument(info)
    return info === 20 || info === 21 ? info === 21 : null
  }

  const value = item(0)
  if (value === isBreak) throw new RangeError('CBOR begins with a break')
  return value
}
