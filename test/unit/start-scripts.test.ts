import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const lockfile = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/thing': { version } } })

/** Replaces npm: logs its command and installs the packages of the lockfile. */
const fakeNpm = `
  const fs = require('node:fs')
  fs.appendFileSync('npm.log', process.argv.slice(2, 3) + '\\n')
  console.log('npm speaks')
  if (process.env.FAKE_NPM_FAILS) process.exit(1)
  fs.mkdirSync('node_modules', { recursive: true })
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
`
const fakeBuilder = `
  import fs from 'node:fs'
  fs.appendFileSync('build.log', 'build\\n')
  fs.mkdirSync('out/main', { recursive: true })
  fs.copyFileSync('src/host.js', 'out/main/host.js')
`
const fakeHost = `
  process.on('SIGTERM', () => process.exit(5))
  console.log('ready ' + JSON.stringify(process.argv.slice(2)))
  if (process.argv.includes('--wait')) setInterval(() => {}, 1000)
  else process.exitCode = 3
`

let project: string
const write = (file: string, content: string) => {
  mkdirSync(dirname(join(project, file)), { recursive: true })
  writeFileSync(join(project, file), content)
}
const lines = (file: string) =>
  existsSync(join(project, file)) ? readFileSync(join(project, file), 'utf8').trim().split('\n') : []

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'carat-scripts-'))
  cpSync(join(root, 'scripts'), join(project, 'scripts'), { recursive: true })
  cpSync(join(root, 'resources/locales'), join(project, 'resources/locales'), { recursive: true })
  write('package.json', '{ "type": "module" }')
  write('package-lock.json', lockfile('1.0.0'))
  write('electron.config.ts', '')
  write('src/host.js', fakeHost)
  write('src/cli/index.ts', 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 4')
  write('node_modules/electron-vite/bin/electron-vite.js', fakeBuilder)
  write('tools/npm-cli.js', fakeNpm)
  write('tools/package.json', '{ "type": "commonjs" }')
})

afterEach(() => rmSync(project, { recursive: true, force: true }))

function launch(script: string, args: string[] = [], env: Record<string, string> = {}) {
  return spawn(process.execPath, [join(project, 'scripts', script), ...args], {
    cwd: project,
    env: { ...process.env, npm_execpath: join(project, 'tools/npm-cli.js'), LC_ALL: 'en_US.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function finish(child: ReturnType<typeof launch>) {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code }
}

const start = (args: string[] = ['--browser'], env?: Record<string, string>) => finish(launch('start.mjs', args, env))

describe('npm start', () => {
  it('installs, builds, says why it opens the browser, and exits with the code of the host', async () => {
    const { stdout, stderr, code } = await start(['--browser', '--data', 'a b'])
    expect(lines('npm.log')).toEqual(['ci'])
    expect(stdout).toBe('ready ["--browser","--data","a b"]\n')
    expect(stderr).toContain('Carat Companion opens in the browser, as asked.')
    expect(code).toBe(3)
  })

  it.each([['--no-open'], ['--port', '0'], ['--port=0']])('passes %s on to the browser host', async (...args) => {
    const { stderr } = await start(args)
    expect(stderr).toContain('as asked')
  })

  it('uses the requested language', async () => {
    expect((await start(['--browser', '--lang', 'ko'])).stderr).toContain('브라우저에서 열어요.')
    expect((await start(['--browser', '--lang=both'])).stderr).toMatch(/as asked\.\n요청하신 대로/)
  })

  it('installs and builds again only after a change', async () => {
    await start()
    await start()
    expect([lines('npm.log').length, lines('build.log').length]).toEqual([1, 1])
    write('src/more.ts', 'export {}')
    await start()
    expect([lines('npm.log').length, lines('build.log').length]).toEqual([1, 2])
    write('package-lock.json', lockfile('1.0.1'))
    await start()
    expect(lines('npm.log')).toEqual(['ci', 'install'])
  })

  it('installs once if two starts run at the same time', async () => {
    const both = await Promise.all([start(), start()])
    expect(both.map(({ code }) => code)).toEqual([3, 3])
    expect([lines('npm.log').length, lines('build.log').length]).toEqual([1, 1])
  })

  it('takes over a lock whose owner has ended', async () => {
    const ended = spawn(process.execPath, ['--version'])
    await once(ended, 'exit')
    write('.cache/setup.lock', String(ended.pid))
    expect((await start()).code).toBe(3)
  })

  it('explains a failed installation, and tries again at the next start', async () => {
    const { stderr, code } = await start(undefined, { FAKE_NPM_FAILS: '1' })
    expect(stderr).toContain('could not be installed')
    expect(code).toBe(1)
    expect((await start()).code).toBe(3)
  })

  it('explains a failed build, and builds again at the next start', async () => {
    write('node_modules/electron-vite/bin/electron-vite.js', 'process.exit(1)')
    const { stderr, code } = await start()
    expect(stderr).toContain('could not be built')
    expect(code).toBe(1)
    write('node_modules/electron-vite/bin/electron-vite.js', fakeBuilder)
    expect((await start()).code).toBe(3)
  })

  it('refuses to start if npm consumed an option', async () => {
    const { stdout, stderr, code } = await start([], { npm_config_data: '/somewhere' })
    expect(stderr).toContain('npm start -- --data')
    expect([stdout, code]).toEqual(['', 1])
  })

  it.skipIf(process.platform === 'win32')('passes on a signal to the host', async () => {
    const child = launch('start.mjs', ['--browser', '--wait'])
    await once(child.stdout, 'readable')
    child.kill('SIGTERM')
    expect((await finish(child)).code).toBe(5)
  })
})

describe('npm start with Electron', () => {
  /** As if the user had a display and were not root. */
  const asUser = () => {
    write('tools/user.cjs', 'process.getuid = () => 1000')
    return { DISPLAY: ':9', NODE_OPTIONS: `--require=${join(project, 'tools/user.cjs')}` }
  }
  const withElectron = (path: string) => {
    write('node_modules/electron/package.json', '{ "type": "commonjs" }')
    write('node_modules/electron/index.js', `module.exports = ${JSON.stringify(path)}`)
    write('node_modules/electron/path.txt', 'electron')
    write('node_modules/electron/dist/electron', '')
  }

  it('passes each option and its value on as one argument', async () => {
    withElectron(process.execPath)
    write('package.json', '{ "type": "module", "main": "fake-app.js" }')
    write('fake-app.js', 'console.log(JSON.stringify(process.argv.slice(2)))')
    const { stdout, code } = await start(['--api', 'http://127.0.0.1:1', '--lang', 'ko', '--data=a b'], asUser())
    expect(JSON.parse(stdout)).toEqual(['--api=http://127.0.0.1:1', '--lang=ko', '--data=a b'])
    expect(code).toBe(0)
  })

  it('opens the browser if the system refuses to start Electron', async () => {
    withElectron(join(project, 'nothing-here'))
    const { stdout, stderr, code } = await start(['--lang', 'en'], asUser())
    expect(stderr).toContain('Electron could not start on this system')
    expect(stdout).toBe('ready ["--lang","en"]\n')
    expect(code).toBe(3)
  })

  it('asks the proxy of npm for Electron, and says why it was not downloaded', async () => {
    write('node_modules/electron/package.json', '{ "type": "commonjs" }')
    const asked: string[] = []
    const proxy = createServer().on('connect', ({ url }, socket) => {
      asked.push(String(url))
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    const { port } = proxy.address() as AddressInfo
    const { stderr, code } = await start(['--lang', 'en'], {
      ...asUser(),
      npm_config_https_proxy: `http://127.0.0.1:${port}`,
      HTTPS_PROXY: '',
      https_proxy: '',
      NO_PROXY: '',
      no_proxy: '',
      npm_config_electron_mirror: 'https://mirror.test/',
    })
    proxy.close()
    expect(asked).toEqual(['mirror.test:443'])
    expect(stderr).toContain('Electron could not be downloaded (mirror.test: ')
    expect(code).toBe(3)
  })
})

it('npm run build installs and builds', async () => {
  expect((await finish(launch('build.mjs'))).code).toBe(0)
  expect([lines('npm.log'), lines('build.log')]).toEqual([['ci'], ['build']])
})

describe('npm run carat', () => {
  it('keeps standard output and the exit code for the command', async () => {
    const { stdout, stderr, code } = await finish(launch('carat.mjs', ['jobs', '--json']))
    expect(stdout).toBe('["jobs","--json"]\n')
    expect(stderr).toContain('npm speaks')
    expect(code).toBe(4)
  })

  it('keeps what Node.js compiled for the next command', async () => {
    await finish(launch('carat.mjs'))
    expect(readdirSync(join(project, '.cache/compiled'))).not.toEqual([])
  })
})
