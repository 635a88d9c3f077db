/**
 * Sets the project up: installs the packages of the lockfile and builds `out/` from these sources.
 * Plain JavaScript for Node.js 18 or newer, so it runs before anything is installed. Prints to standard error.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fail, say } from './say.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))
/** Where Node.js keeps what it compiled, which saves each command about 0.4 s and 30 MB. */
export const compiled = join(root, '.cache', 'compiled')
const modules = join(root, 'node_modules')
const packagedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/**
 * The Node.js that runs the project: the one in its packages, or this one if it is new enough.
 * @returns {string} path of the executable
 */
export function runtime() {
  if (existsSync(packagedNode)) return packagedNode
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  return fail('launch.noRuntime', { platform: `${process.platform}-${process.arch}` })
}

/** Installs the packages if they are missing or differ from the lockfile. */
export async function install() {
  if (isInstalled()) return
  await alone(() => {
    if (isInstalled()) return
    say('launch.installing')
    // `npm ci` empties node_modules first, which Windows refuses while this very Node.js runs from there.
    const clean = !existsSync(join(modules, '.package-lock.json'))
    const args = clean ? ['ci', '--include=dev'] : ['install', '--no-save', '--include=dev']
    if (npm([...args, '--no-audit', '--no-fund', '--loglevel=error']) !== 0 || !isInstalled()) {
      fail('launch.installFailed')
    }
  })
}

/** Builds `out/` if it is missing or older than the sources. */
export async function build() {
  if (isBuilt()) return
  await alone(() => {
    if (isBuilt()) return
    say('launch.building')
    rmSync(builtFrom, { force: true })
    const sources = sourceHash()
    const cli = join(modules, 'electron-vite', 'bin', 'electron-vite.js')
    const args = [cli, 'build', '--config', 'electron.config.ts', '--logLevel', 'warn']
    const { status } = spawnSync(runtime(), args, { cwd: root, stdio: ['ignore', 2, 2] })
    if (status !== 0) fail('launch.buildFailed')
    writeFileSync(builtFrom, sources)
  })
}

/** Compares the lockfile with npm's own record of the installed packages. */
function isInstalled() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages
  try {
    const installed = read(join(modules, '.package-lock.json'))
    return Object.entries(read(join(root, 'package-lock.json'))).every(
      ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
    )
  } catch {
    return false
  }
}

/** Runs npm with its output on standard error and returns its exit code. */
function npm(args) {
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const cli = process.env.npm_execpath
  // If not started by npm, find npm on the path; on Windows it is a script that needs a shell.
  if (cli && basename(cli) === 'npm-cli.js') return spawnSync(process.execPath, [cli, ...args], options).status
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' }).status
}

const builtFrom = join(root, 'out', '.build-hash')

function isBuilt() {
  return existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === sourceHash()
}

/** One hash over everything that goes into the build. */
function sourceHash() {
  const hash = createHash('sha256')
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name))
    } else {
      hash
        .update(`${relative(root, path)}\0`)
        .update(readFileSync(path))
        .update('\0')
    }
  }
  for (const name of ['src', 'resources', 'electron.config.ts', 'package.json', 'package-lock.json'])
    add(join(root, name))
  return hash.digest('hex')
}

/** Runs `work` under a lock, so that no other process of this folder runs it at the same time. */
async function alone(work) {
  const lock = join(root, '.cache', 'setup.lock')
  mkdirSync(join(root, '.cache'), { recursive: true })
  if (!take(lock)) {
    say('launch.waiting')
    while (!take(lock)) await wait(250)
  }
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  work()
  release()
  process.removeListener('exit', release)
}

/** Creates the lock file; removes a stale one, so that the next try succeeds. */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isHeld(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isHeld(lock) {
  try {
    // Process ids are reused, so a lock older than any install or build is stale.
    if (Date.now() - statSync(lock).mtimeMs > 30 * 60_000) return false
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
