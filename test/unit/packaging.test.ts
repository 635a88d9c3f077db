import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
const icon = (name: string) => readFileSync(join(root, 'resources/icons', name))

it('packs the app with the fuses of the security checklist, and signs it again after they are set', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  })
})

it('packs the SQLite module of the target, never that of the building machine', () => {
  for (const [key, platform] of [
    ['win', 'win32'],
    ['mac', 'darwin'],
    ['linux', 'linux'],
  ] as const) {
    expect(config[key].files.filter((pattern: string) => /prebuilds/.test(pattern))).toEqual([
      `!node_modules/better-sqlite3/prebuilds/!(${platform}-\${arch}).node`,
    ])
  }
})

it('builds for both processors, and in the format that updates of macOS need', () => {
  const targets = [...config.win.target, ...config.mac.target]
  expect(targets).toEqual(['nsis', 'dmg', 'zip'].map((target) => ({ target, arch: ['x64', 'arm64'] })))
})

it('leaves out every package that is bundled, and no other', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const withDependencies = (names: string[]): Set<string> => {
    const found = new Set<string>()
    const add = (name: string) => {
      if (found.has(name)) return
      found.add(name)
      Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}).forEach(add)
    }
    names.forEach(add)
    return found
  }
  const needed = withDependencies(['better-sqlite3', 'electron-store'])
  const bundled = [...withDependencies(Object.keys(packages[''].dependencies))].filter((name) => !needed.has(name))
  // Only for building the SQLite module, which comes ready-built.
  const left = new Set([...bundled, 'node-addon-api'].map((name) => name.split('/')[0]))
  for (const key of ['win', 'mac', 'linux']) {
    const [, list = ''] = /^!node_modules\/\{(.*)\}\/\*\*$/m.exec(config[key].files.join('\n')) ?? []
    expect(new Set(list.split(','))).toEqual(left)
  }
})

it('has an icon of Windows in every size from 16 to 256', () => {
  const bytes = icon('icon.ico')
  const sizes = Array.from({ length: bytes.readUInt16LE(4) }, (_, index) => bytes[6 + 16 * index] || 256)
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
  for (const [index, size] of sizes.entries()) {
    const png = bytes.subarray(bytes.readUInt32LE(6 + 16 * index + 12))
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16)]).toEqual(['PNG', size])
  }
})

it('has an icon of macOS up to 1024 pixels', () => {
  const bytes = icon('icon.icns')
  expect([bytes.toString('latin1', 0, 4), bytes.readUInt32BE(4)]).toEqual(['icns', bytes.length])
  const widths: number[] = []
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at + 4)) widths.push(bytes.readUInt32BE(at + 8 + 16))
  expect(widths).toEqual([16, 32, 32, 64, 128, 256, 256, 512, 512, 1024])
})
