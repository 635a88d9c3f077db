/** The packaged app: what is in it, and that it runs. Windows and macOS package their own in the workflow. */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from '../support/app-test.ts'
import { temporaryFolder } from '../support/core.ts'

const root = join(import.meta.dirname, '../..')
const electronDist = join(root, 'node_modules/electron/dist')
const app = join(root, 'dist/linux-unpacked')
const archive = join(app, 'resources/app.asar')

test.skip(process.platform !== 'linux', 'The workflow builds and starts the installers of Windows and macOS')
// One package for all tests of the file.
test.describe.configure({ mode: 'default' })
test.beforeAll(() => {
  test.setTimeout(300_000)
  const version = readFileSync(join(electronDist, 'version'), 'utf8').trim()
  const settings = [`-c.electronDist=${electronDist}`, `-c.electronVersion=${version}`]
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/electron-builder/cli.js'), '--linux', 'dir', ...settings],
    { cwd: root, encoding: 'utf8' },
  )
  expect(stderr + status).toMatch(/0$/)
})

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'node_modules/@electron', script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
  }).stdout
/** The files of the archive: `pack` for those in it, `unpack` for those beside it. */
function packed(): { kind: string; path: string }[] {
  const lines = run('asar/bin/asar.js', 'list', '--is-pack', archive).trim().split('\n')
  return lines.map((line) => {
    const [, kind = '', path = ''] = /^(\w+)\s*: (.*)$/.exec(line) ?? []
    return { kind, path: path.replaceAll('\\', '/') }
  })
}

test('contains what it needs and nothing else, in an archive of less than 7 MB beside SQLite', () => {
  const files = packed().map(({ path }) => path)
  expect(files).toContain('/out/main/index.js')
  const needless = /main\/host\.js$|browser-host|sqlite3\.c$|node_modules\/(zod|hono|ws|i18next|@hono)\//
  expect(files.filter((path) => needless.test(path))).toEqual([])
  expect(readdirSync(join(root, 'out/main/chunks')).filter((name) => needless.test(name))).toHaveLength(1)
  expect(files.filter((path) => /prebuilds\/.*\.node$/.test(path))).toEqual([
    `/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
  ])
  expect(statSync(archive).size).toBeLessThan(7_000_000)
})

test('has the packages in few long lines, and our own code in its lines, so that stacks in the log can be read', () => {
  const modules = readFileSync(join(root, 'out/main/file-reader-thread.js'), 'utf8').split(/^(?=\/\/ \S+$)/m)
  const own = modules.find((module) => module.startsWith('// src/core/folders/read/png.ts\n')) ?? ''
  expect(own).toMatch(/^async function readPng\(file, size\) \{$/m)
  expect(own.split('\n').length).toBeGreaterThan(60)
  expect(modules.filter((module) => module.startsWith('// node_modules/'))).toEqual([])
  expect(modules.some((module) => /^var .{20000}/m.test(module))).toBe(true)
})

test('keeps everything but native modules in the archive, whose integrity is checked', () => {
  const beside = packed().filter(({ kind }) => kind === 'unpack')
  const isFolder = (path: string) => statSync(join(`${archive}.unpacked`, path)).isDirectory()
  const files = beside.map(({ path }) => path).filter((path) => !isFolder(path))
  expect(files.length).toBeGreaterThan(0)
  expect(files.filter((path) => !path.endsWith('.node'))).toEqual([])
})

test('has the fuses of the security checklist on its wire', () => {
  const wire = run('fuses/dist/bin.js', 'read', '--app', join(app, 'carat-companion'))
  const fuses = Object.fromEntries(
    [...wire.matchAll(/(\w+) is .*?(Enabled|Disabled)/g)].map(([, name, state]) => [name, state]),
  )
  expect(fuses).toMatchObject({
    RunAsNode: 'Disabled',
    EnableNodeOptionsEnvironmentVariable: 'Disabled',
    EnableNodeCliInspectArguments: 'Disabled',
    EnableEmbeddedAsarIntegrityValidation: 'Enabled',
    OnlyLoadAppFromAsar: 'Enabled',
    GrantFileProtocolExtraPrivileges: 'Disabled',
  })
})

for (const switches of [[], ['-Embedding', '--updated', '--force-run', 'carat-companion://refunds']]) {
  test(`syncs the sample and draws it, started with ${switches.join(' ') || 'nothing else'}`, () => {
    const folder = temporaryFolder()
    const args = [...switches, '--self-test', `--data=${join(folder.path, '한글 폴더')}`]
    const { status, stdout } = spawnSync(join(app, 'carat-companion'), args, { encoding: 'utf8', timeout: 100_000 })
    folder.remove()
    expect(stdout).toContain('"synced":true,"drawn":true,"updates":"off"')
    expect(status).toBe(0)
  })
}

test('installs a newer version when it ends, refuses an older or a changed one, and sends no id', async () => {
  test.setTimeout(180_000)
  const folder = temporaryFolder()
  const update = Buffer.from('the new version')
  let version = '99.0.0'
  let sha512 = createHash('sha512').update(update).digest('base64')
  const ids: unknown[] = []
  const server = createServer(({ url = '', headers }, response) => {
    if (!url.includes('latest-linux')) return void response.end(update)
    ids.push(headers['x-user-staging-id'])
    response.end(`version: ${version}\nfiles:\n  - url: new.AppImage\n    sha512: ${sha512}\npath: new.AppImage\n`)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const copy = join(folder.path, 'app')
  cpSync(app, copy, { recursive: true })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = `provider: generic\nurl: ${address}\nupdaterCacheDirName: carat-companion-updater\n`
  writeFileSync(join(copy, 'resources/app-update.yml'), settings)

  // Outside its file system, an AppImage is known by this variable.
  const installed = join(folder.path, 'installed.AppImage')
  const runOnce = async () => {
    writeFileSync(installed, 'the old version')
    const args = ['--self-test', `--data=${join(folder.path, 'data')}`]
    const env = { ...process.env, APPIMAGE: installed, XDG_CACHE_HOME: join(folder.path, 'cache') }
    const child = spawn(join(copy, 'carat-companion'), args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    const [code] = await once(child, 'close')
    return { code, updates: /"updates":"(\w+)"/.exec(output)?.[1], installed: readFileSync(installed, 'utf8') }
  }
  expect(await runOnce()).toEqual({ code: 0, updates: 'ready', installed: 'the new version' })
  version = '0.0.1'
  expect(await runOnce()).toEqual({ code: 0, updates: 'idle', installed: 'the old version' })
  version = '99.0.1'
  sha512 = createHash('sha512').update('another file').digest('base64')
  expect(await runOnce()).toEqual({ code: 0, updates: 'failed', installed: 'the old version' })
  expect(new Set(ids)).toEqual(new Set(['']))
  server.close()
  folder.remove()
})
