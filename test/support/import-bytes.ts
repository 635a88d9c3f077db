import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { TextDecoder } from '@exodus/bytes/encoding.js'

export interface ZipEntry {
  name: string
  data: Buffer
  /** General purpose flags; 1 for encrypted. */
  flags?: number
  /** The unpacked size that the directory states, if it lies. */
  stated?: number
}

/** A ZIP archive, or one that lies. */
export function zipOf(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, flags = 0, stated = data.length } of entries) {
    const packed = deflateRawSync(data)
    const label = Buffer.from(name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(data), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(stated, 18)
    fields.writeUInt16LE(label.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, label, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, tail, label]))
    parts.push(local)
    offset += local.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(index.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, index, Buffer.from('PK\x05\x06'), end])
}

/** The entries of an archive that a library wrote. */
export function entriesOf(archive: Uint8Array): ZipEntry[] {
  const bytes = Buffer.from(archive)
  const end = bytes.lastIndexOf('PK\x05\x06')
  const entries: ZipEntry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [method, packed, label, extra, comment, offset] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ]
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
    const data = bytes.subarray(start, start + packed)
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + label),
      data: method === 0 ? data : inflateRawSync(data),
    })
    at += 46 + label + extra + comment
  }
  return entries
}

let codes: Map<string, [number, number]> | undefined

/** Text in CP949, as Korean Windows writes it. */
export function encodeCp949(text: string): Uint8Array {
  if (!codes) {
    codes = new Map()
    const decoder = new TextDecoder('euc-kr')
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x41; trail <= 0xfe; trail++) {
        const character = decoder.decode(Uint8Array.from([lead, trail]))
        if (character.length === 1 && character !== '\uFFFD' && !codes.has(character))
          codes.set(character, [lead, trail])
      }
    }
  }
  const bytes: number[] = []
  for (const character of text) {
    const code = codes.get(character)
    if (character <= '\u007F') bytes.push(character.charCodeAt(0))
    else if (code) bytes.push(...code)
    else throw new Error(`no CP949 for ${character}`)
  }
  return Uint8Array.from(bytes)
}
