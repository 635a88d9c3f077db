/** Damage of a database file, as disks and interrupted copies cause it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { seededRandom } from '../../src/shared/random.ts'
import { type Draws, draws } from './random.ts'

const pageSize = 4096

/** The kinds of damage: each changes the bytes of a whole file, and returns those that are left of it. */
const damages = {
  'a zeroed page': (bytes, { int }) => {
    const page = int(1, bytes.length / pageSize - 1) * pageSize
    return bytes.fill(0, page, page + pageSize)
  },
  'a page of noise': (bytes, draw) => noise(bytes, draw.int(1, bytes.length / pageSize - 1) * pageSize, pageSize, draw),
  'random bytes in 20 pages': (bytes, draw) => {
    for (let count = 0; count < 20; count++) noise(bytes, draw.int(pageSize, bytes.length - 64), 64, draw)
    return bytes
  },
  'single wrong bytes': (bytes, draw) => {
    for (let count = 0; count < 5; count++) noise(bytes, draw.int(pageSize, bytes.length - 1), 1, draw)
    return bytes
  },
  'a cut end': (bytes, { int }) => bytes.subarray(0, int(pageSize, bytes.length - 1)),
  'a zeroed start': (bytes) => bytes.fill(0, 0, pageSize),
  'a length below a header': (bytes, { int }) => bytes.subarray(0, int(1, 99)),
} satisfies Record<string, (bytes: Buffer, draw: Draws) => Buffer>
export type Damage = keyof typeof damages
export const damageKinds = Object.keys(damages) as Damage[]

function noise(bytes: Buffer, from: number, length: number, { int }: Draws): Buffer {
  for (let at = from; at < from + length; at++) bytes[at] = int(0, 255)
  return bytes
}

/** Damages a database without a log. The same seed damages the same bytes. Returns the bytes of the damaged file. */
export function damageFile(path: string, damage: Damage, seed: number): Buffer {
  const bytes = damages[damage](readFileSync(path), draws(seededRandom(seed)))
  writeFileSync(path, bytes)
  return bytes
}
