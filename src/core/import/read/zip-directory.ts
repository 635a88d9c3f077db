/** Checks the directory of a ZIP archive before it is unpacked. */
import { once } from 'node:events'
import { createInflateRaw } from 'node:zlib'
import { limits, ReadProblem } from './problems.ts'

interface Entry {
  name: string
  method: number
  packed: number
  unpacked: number
  /** Where its local header begins. */
  offset: number
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const entryLimit = 5_000
/** Small archives may be packed tighter: a sheet of equal rows. */
const ratioFrom = 20 * 2 ** 20

/**
 * The names of the entries. Throws `damaged`, `password_protected` or `unpacks_too_large`. Checks the stated sizes by unpacking, because
 * they may be wrong.
 */
export async function checkedEntries(bytes: Uint8Array): Promise<string[]> {
  const entries = readDirectory(bytes)
  const total = entries.reduce((sum, { unpacked }) => sum + unpacked, 0)
  const isBomb = total > ratioFrom && total > bytes.length * limits.unpackRatio
  if (total > limits.unpackedBytes || isBomb) throw tooLarge()
  let budget = limits.unpackedBytes
  for (const entry of entries) budget -= await unpackedSize(bytes, entry, budget)
  return entries.map(({ name }) => name)
}

const tooLarge = () => new ReadProblem('unpacks_too_large', { limit: limits.unpackedBytes })
const damaged = () => new ReadProblem('damaged')

function readDirectory(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (count > entryLimit || at === 0xffffffff) throw tooLarge()
  const entries: Entry[] = []
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entrySignature) throw damaged()
    if (view.getUint16(at + 8, true) & 1) throw new ReadProblem('password_protected')
    const [nameLength, extra, comment] = [at + 28, at + 30, at + 32].map((position) => view.getUint16(position, true))
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0)))
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    })
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return entries
}

/** The end record is followed by a comment of at most 64 kB. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 65_535; at--) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  throw damaged()
}

/** Unpacks an entry without keeping it. A stated size of 0xffffffff means a larger one in the extra field. */
async function unpackedSize(
  bytes: Uint8Array,
  { method, packed, unpacked, offset }: Entry,
  budget: number,
): Promise<number> {
  if (packed === 0xffffffff || unpacked === 0xffffffff) throw tooLarge()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (offset + 30 > bytes.length) throw damaged()
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + packed > bytes.length) throw damaged()
  if (method === 0) return packed
  if (method !== 8) throw damaged()
  const inflate = createInflateRaw()
  let size = 0
  inflate.on('data', (block: Uint8Array) => {
    size += block.length
    if (size > Math.min(budget, unpacked)) inflate.destroy(size > budget ? tooLarge() : damaged())
  })
  inflate.end(bytes.subarray(start, start + packed))
  try {
    await once(inflate, 'end')
  } catch (error) {
    throw error instanceof ReadProblem ? error : damaged()
  }
  return size
}
