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

it('packs the SQLite module as the only package, since all others are bundled', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  // Only for building the module, which comes ready-built.
  expect(Object.keys(packages['node_modules/better-sqlite3'].dependencies ?? {})).toEqual(['node-addon-api'])
  const build = readFileSync(join(root, 'electron.config.ts'), 'utf8')
  const bundled = Object.keys(packages[''].dependencies).filter((name) => build.includes(`'${name}',`))
  const { dependencies } = packages['']
  // Electron has a key store of its own; the other hosts, which are not packed, use a key ring.
  const own = ['@napi-rs/keyring', 'better-sqlite3']
  expect(Object.keys(dependencies).filter((name) => !bundled.includes(name))).toEqual(own)
  for (const key of ['win', 'mac', 'linux']) {
    expect(config[key].files).toContain('!node_modules/!(better-sqlite3)/**')
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

it('asks for no camera and no microphone on macOS', async () => {
  const { withoutUnusedDevices } = await import(new URL('../../scripts/after-pack.mjs', import.meta.url).href)
  expect(config.afterPack).toBe('scripts/after-pack.mjs')
  const plist = `<dict>
    <key>CFBundleName</key>
    <string>Carat</string>
    <key>NSCameraUsageDescription</key>
    <string>This app needs access to the camera</string>
    <key>NSMicrophoneUsageDescription</key>
    <string>This app needs access to the microphone</string>
  </dict>`
  expect(withoutUnusedDevices(plist).replace(/\s+/g, '')).toBe(
    '<dict><key>CFBundleName</key><string>Carat</string></dict>',
  )
})

it('is told when its Electron gets no more security fixes', async () => {
  const { isSupported } = await import(new URL('../../scripts/electron-support.mjs', import.meta.url).href)
  expect([isSupported('45.4.1', '45.5.0'), isSupported('45.4.1', '47.0.0'), isSupported('45.4.1', '48.0.0')]).toEqual([
    true,
    true,
    false,
  ])
  expect(() => isSupported('45.4.1', '')).toThrow('Not versions')
  const workflow = readFileSync(join(root, '.github/workflows/electron-version.yml'), 'utf8')
  expect(parse(workflow).jobs.supported.steps.at(-1).run).toContain('scripts/electron-support.mjs')
})
