/** Places in which nothing can be written. A system may refuse a mount; the reason is then printed. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Finished } from './cli.ts'

export const isRoot = process.getuid?.() === 0

function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'pipe' })
    return true
  } catch (error) {
    process.stderr.write(`Without a mount: ${String((error as { stderr?: Buffer }).stderr ?? error)}\n`)
    return false
  }
}

/** A small disk in memory at a new folder `path`. The caller unmounts it. Null if this system refuses. */
export function mountDisk(path: string, size: string): string | null {
  mkdirSync(path)
  return mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path) ? path : null
}

export const makeDiskReadOnly = (path: string) => execFileSync('mount', ['-o', 'remount,ro', path])
export const unmount = (path: string) => execFileSync('umount', [path])

let fills = 0

/** Writes files `fill-…` into a folder, the first of a page each, until its disk has no byte left. */
export function fillDisk(path: string): void {
  const name = `fill-${fills++}`
  for (let size = 4_096, number = 0; size > 0; number++) {
    try {
      writeFileSync(join(path, `${name}-${number}`), Buffer.alloc(size))
    } catch {
      size = Math.floor(size / 2)
    }
  }
}

/**
 * Takes the right to write to a folder and its files away from this user: by its mode, or for root, which no mode binds, by a
 * read-only mount. Returns what undoes it; null if this system refuses.
 */
export function makeReadOnly(path: string): (() => void) | null {
  if (!isRoot) {
    setModes(path, 0o500, 0o400)
    return () => setModes(path, 0o700, 0o600)
  }
  if (!mount('--bind', path, path)) return null
  if (mount('-o', 'remount,ro,bind', path)) return () => unmount(path)
  unmount(path)
  return null
}

function setModes(path: string, folder: number, files: number): void {
  chmodSync(path, 0o700)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) setModes(join(path, entry.name), folder, files)
    else chmodSync(join(path, entry.name), files)
  }
  chmodSync(path, folder)
}

/** The user that owns nothing; this user if it is not root. */
const ordinaryUser = isRoot ? { uid: 65_534, gid: 65_534 } : {}

/** Gives a folder and what is in it to the user of `runCliAsUser`. */
export function giveToUser(path: string): void {
  if (!isRoot) return
  for (const name of ['', ...readdirSync(path, { recursive: true, encoding: 'utf8' })]) {
    chownSync(join(path, name), 65_534, 65_534)
  }
}

/** Runs the command line as a user who is not root. */
export async function runCliAsUser(args: string[], env: Record<string, string>): Promise<Finished> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../src/cli/index.ts'), ...args, '--lang', 'en'],
    {
      ...ordinaryUser,
      env: { ...process.env, ...env },
    },
  )
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number, out, err }
}
