/** The packaged app: what is in it, and that it runs. Windows and macOS package their own in the workflow. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
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

const sizeOf = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : statSync(path).size

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

test('contains what it needs and nothing else, in less than 12 MB beside Electron', () => {
  const files = packed().map(({ path }) => path)
  expect(files).toContain('/out/main/index.js')
  const needless = /host\.js$|sqlite3\.c$|node_modules\/(zod|hono|ws|i18next|@hono)\//
  expect(files.filter((path) => needless.test(path))).toEqual([])
  expect(files.filter((path) => /prebuilds\/.*\.node$/.test(path))).toEqual([
    `/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
  ])
  expect(sizeOf(join(app, 'resources'))).toBeLessThan(12_000_000)
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
    expect(stdout).toContain('"synced":true,"drawn":true')
    expect(status).toBe(0)
  })
}
